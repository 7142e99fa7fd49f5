import { defineCheck, skip } from '../../core/check.js';
import { actsAnew } from '../lib/steps/stage.js';
import { agesVerdict, lifetimeTraits, overAges } from './key-ttl-honoured/ages.js';
import { overRestart, restartVerdict } from './key-ttl-honoured/restart.js';
import { stored, storedVerdict } from './key-ttl-honoured/store.js';

export const keyTtlHonoured = defineCheck({
  id: 'key-ttl-honoured',
  group: 'lifetime',
  isLate: true,
  title: 'A key protects for as long as it is promised to',
  severity: 'high',
  basis: 'should',
  refs: ['draft-ietf-httpapi-idempotency-key-header-07 section 2.3 (expired)'],
  sends:
    'Several requests at the start, each with a key and a marker of its own. Each is sent once more when it is 0, 5, 35, 70, 130, 310, 660 and 1900 s old, as far as `--max-wait` and the lifetime in question go; and at 90 % of a declared lifetime, or at the floors of the policy. With `hooks.clock` the ages beyond `--max-wait` are reached by moving the test clock, and one more key is tried when it must be over. Variant `store`, where the spec names one: one request, and looks into the store for its key meanwhile and afterwards. Variant `restart`, with `hooks.restart`: three keys, of which one is repeated before the service is restarted, and two after it.',
  judges:
    'Fails when a repeat takes a second effect before the declared lifetime is over (10 % slack). Where none is declared, fails when that happens at `ttlFloor.fail` (30 s) or sooner and warns below `ttlFloor.warn` (24 h): a policy of this tool, no standard. Passes when a key still protected at 90 % of the declared lifetime, or of `ttlFloor.warn`. Stays open when the run does not wait that long, and when the record that was planted is gone. What it says is always "held at", never "lives for". In the store: warns on an entry that never ends, on a mark in flight that never ends, and on less than the promise; effects are not judged by it. Over a restart: fails when a repeat takes a second effect although a lifetime is declared and not over, else warns.',
  expected: 'No second effect within the lifetime that is declared, or that retries need.',
  why: 'Retries come late: from a queue after an outage, from a phone that was offline. A key forgotten by then lets them through as new.',
  fix: 'Keep keys for as long as a client may retry: 24 h for most, 7 days for payments. Say so in the documentation, and keep them in a store that survives restarts and does not evict.',
  guards: [
    'Each key is repeated once: a repeat may prolong the life of a key.',
    'A key repeated at once must hold, or the lifetime is not judged.',
    'Before each repeat the planted record is read and counted; without it nothing follows.',
    'Held at: counted from the answer to the first request until the repeat is sent. Gone at: from when the first was sent to the answer to the repeat.',
    'A refusal that may come from a unique field says nothing about the key.',
    'A pass needs an oracle that was seen to count to two.',
    'By a moved clock a key passes only when another one was seen to end by it: a store may have a clock of its own.',
  ],
  messages: {
    'expired-early': 'Held at {held}, gone at {age}: lives [{held}, {age}), promised {ttl}.',
    'kept-for-ever': 'The store keeps an entry of the key without an end ({entry}); promised {ttl}. It only grows.',
    'pending-for-ever':
      'While its request is under way the key has no end in the store ({entry}): a crash then leaves it taken for ever.',
    'lost-on-restart':
      'A key that was used {age} before was gone after a restart: the retry took effect a second time.',
    'short-in-store': 'The store keeps the key for {left} more; promised {ttl}.',
    'short-lived': 'Held at {held}, gone at {age}: lives [{held}, {age}), promised nothing.',
  },
  notes: {
    'outlived-restart': 'Keys that were used before the restart still held after it.',
    held: 'Held at {held}; older keys were not tried.',
    'clock-moved': 'The test clock was moved by {moved}; ages beyond {maxWait} were not waited for.',
    stored: 'The store keeps the key for {left}.',
    'pending-stored': 'While its request was under way it was to be kept for {left}.',
    'held-longer': 'Another key still held at {held}: keys end unevenly (eviction, or several stores).',
  },

  variants: [null, 'store', 'restart'],

  select(subject, variant) {
    const { contract } = subject.operation;
    if (!actsAnew(subject)) return skip('not an operation that creates or acts');
    if (contract.key === null) return skip('takes no idempotency key');
    if (contract.ttl === 0) return skip('declares that keys protect for no time');
    if (subject.operation.role === 'create' && subject.resource.id.from !== null) {
      return skip('the id that the client chooses protects a repeat, whatever becomes of the key');
    }
    if (variant === 'store' && subject.hasStore !== true) return skip('the spec names no store of keys');
    if (variant === 'restart' && !subject.hooks.has('restart')) return skip('the spec has no hook `restart`');
    return { ...subject, variant };
  },

  hooks: ({ hooks, variant }) =>
    variant === 'restart' ? ['restart'] : variant === null && hooks.has('clock') ? ['clock'] : [],

  *probe(target, tools) {
    if (target.variant === 'store') return yield* stored(target, tools);
    if (target.variant === 'restart') return yield* overRestart(target, tools);
    yield* overAges(target, tools);
  },

  judge(target, evidence) {
    if (target.variant === 'store') return storedVerdict(target.operation.contract, evidence);
    if (target.variant === 'restart') return restartVerdict(target, evidence);
    return agesVerdict(target, evidence);
  },

  observe(target, evidence) {
    return target.variant === 'store' ? [] : lifetimeTraits(target, evidence);
  },
});
