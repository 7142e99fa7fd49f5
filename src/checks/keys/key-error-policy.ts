import { defineCheck, isSkip, skip, type Skip, type Subject } from '../../core/check.js';
import { exchangeOf, type Evidence } from '../../core/evidence.js';
import { statusOf, type Exchange } from '../../core/http.js';
import { seen } from '../../core/trait.js';
import type { Verdict } from '../../core/verdict.js';
import { hasAnswer, lostAnswer } from '../lib/http/answers.js';
import { voided } from '../lib/http/statuses.js';
import { likeness } from '../lib/json/likeness.js';
import { keyedSubject, stage } from '../lib/steps/stage.js';
import { credentials } from './key-error-policy/credentials.js';
import { fault } from './key-error-policy/fault.js';
import { invalid } from './key-error-policy/invalid.js';
import { limit } from './key-error-policy/limit.js';
import { transient } from './key-error-policy/transient.js';

/** The variants: refused for its payload or its credential, turned away, failing, or turned away when nobody asked for it. */
const WAYS = { invalid, credentials, limit, fault, transient };

interface Target extends Subject {
  readonly way: keyof typeof WAYS;
}

export const keyErrorPolicy = defineCheck({
  id: 'key-error-policy',
  group: 'keys',
  title: 'A refusal or an error under a key leaves no trap behind',
  severity: 'medium',
  basis: 'should',
  refs: ['draft-ietf-httpapi-idempotency-key-header-07 sections 2.6 and 2.7 (expired)'],
  sends:
    '`invalid`: a payload that is refused, twice under one key, and the valid payload under that key, twice; if it is refused, once more under a fresh key. `credentials`: a keyed request with a worthless credential, then the same request and key with the right one, twice; if it is refused, once more under a fresh key. `limit`, with `hooks.limit`: a keyed request that the hook has turned away with 429, and after the time it asks for the same request and key again, between two under fresh keys. `fault`: a request that fails with a 5xx (by the hook `fault`, else by the payload `crash`), again under the same key for as long as that is called in flight, after `crash` the valid payload under it, and the valid one under a fresh key. `transient` stands by: where keyed requests of the run were turned away with 429, 502, 503 or 504, the latest of each status (two at most) once more under its key when all other checks are over, then under a fresh key; if only the old one is turned away again, twice more with pauses between, and once more under a fresh key.',
  judges:
    '`invalid` passes when the repeat is refused alike and the corrected payload is carried out once, or refused as another payload (notes say which); it fails when the repeat is accepted or crashes, and when two effects are counted; it warns when the repeat is refused otherwise, and when the corrected payload gets the refusal of the first one. `credentials` passes when the request with the right credential is carried out once; it fails when that is refused with 401 or 403 too, though it is accepted under a fresh key, and when two effects are counted; it warns on any other refusal. `limit` passes when the retry is carried out once, and fails when it is turned away again, twice, though those around it are let in (warns where `errorsStored` is `all`). `fault` passes when the retry is carried out and one effect is counted; it fails when the failed request had an effect and the retry had another, and when the key is still refused after the time after which it counts as stuck; a stored error is a warning, unless the contract declares it (`errorsStored`). `transient` passes when the old key is carried out after all, or refused for what the request says; it fails when it is turned away each time though the fresh keys before, between and after are accepted (warns where the contract declares errors stored), and does not apply where the run met no such answer.',
  expected: 'A refusal that can be corrected, an error that can be retried, and one effect in the end.',
  why: 'A key that is burned by a passing error makes a client choose between giving up and a new key, which may act twice. One that is freed after a half-done request acts twice by itself.',
  fix: 'Store the key, the effect and the answer in one transaction, so that an error undoes all three. Free the key of a request that was refused before it was executed.',
  guards: [
    'What is stored and what is freed is the choice of the API; it is noted, and held against `errorsStored`.',
    'A refusal of the valid payload counts only while it is accepted under a fresh key.',
    'A refusal for want of credentials counts only where a worthless credential is refused; a rate limit is provoked by the hook alone.',
    'A crash counts only when it comes again; a 429, 502, 503 or 504 voids the try.',
    '`transient` believes no pattern: a server that turns away every second request, or each third, is none that stores.',
  ],
  messages: {
    'executed-twice': 'Under one key {count} effects, though the first request was answered with {status}.',
    'refusal-changed': 'A request that was refused with {first} was answered with {second} when it came again.',
    'correction-refused':
      'The corrected request was answered with {status} under the key of the refused one, and is accepted under a fresh key.',
    'limit-replayed':
      'The 429 is given again under its key after the time to wait, though requests before and after it are let in.',
    'transient-error-stored':
      'The {status} is stored under its key: {times} more tries with pauses between were answered with it, while the request is accepted under fresh keys.',
    'refusal-replayed':
      'A request with a worthless credential was refused with {first}; with the right one and the same key it is answered with {second}, and accepted under a fresh key.',
    'error-stored':
      'The error ({status}) is given again under its key, though the request is accepted under a fresh one.',
    'key-stuck': 'A request failed with {first}; {waited} later its key is still refused with {second}.',
  },
  notes: {
    'key-freed': 'A refusal or an error frees its key.',
    'answered-otherwise': 'The request that was turned away is answered with {status} now: the error is not stored.',
    'key-taken': 'A refused request keeps its key: a corrected one needs a new one ({status}).',
    'declared-stored': 'The contract declares that errors are stored; that is what happened.',
    'fails-again': 'Whether the error was stored or happened again cannot be told: the payload always fails.',
  },
  variants: ['invalid', 'credentials', 'limit', 'fault', 'transient'],

  select(subject, variant): Target | Skip {
    const keyed = keyedSubject(subject);
    if (isSkip(keyed)) return keyed;
    const way = wayOf(variant);
    const why = WAYS[way].whyNot(subject);
    return why === null ? { ...subject, way } : skip(why);
  },

  standsBy: ({ way }) =>
    way === 'transient' ? 'the run met no 429, 502, 503 or 504 under a key of this operation' : null,

  hooks: ({ way, hooks }) => WAYS[way].hooks.filter(name => hooks.has(name)),

  *probe(target, tools) {
    if (target.way === 'transient') return yield* transient.probe(target, tools);
    const scope = yield* stage(target, tools);
    yield* WAYS[target.way].probe(target, scope, tools);
  },

  judge(target, evidence) {
    if (target.way === 'limit') return limit.judge(target, evidence);
    if (target.way === 'transient') return transient.judge(target, evidence);
    const first = exchangeOf(evidence, 'first');
    if (!hasAnswer(first)) return lostAnswer(first);
    return voided(first) ?? WAYS[target.way].judge(target, evidence, first);
  },

  observe({ way }, evidence, verdict) {
    if (way === 'transient') return [];
    const fate = fateOf(evidence, verdict);
    if (fate === null || (way !== 'invalid' && fate === 'kept')) return [];
    return [seen(way === 'invalid' ? 'refusals' : 'errors', fate, evidence.exchanges.filter(isStep))];
  },
});

function wayOf(variant: string | null): Target['way'] {
  return variant !== null && variant in WAYS ? (variant as Target['way']) : 'fault';
}

/** What becomes of the key of a request that failed, by what the judge could tell. */
function fateOf(evidence: Evidence<'first' | 'corrected'>, verdict: Verdict): 'freed' | 'kept' | 'stored' | null {
  if (verdict.verdict === 'inconclusive') return null;
  const codes: readonly string[] = [...verdict.notes, ...('findings' in verdict ? verdict.findings : [])].map(
    ({ code }) => code,
  );
  if (codes.includes('key-freed')) return 'freed';
  if (codes.includes('key-taken')) return 'kept';
  if (codes.includes('declared-stored') || codes.includes('error-stored')) return 'stored';
  const [first, corrected] = [exchangeOf(evidence, 'first'), exchangeOf(evidence, 'corrected')];
  const isFirst = statusOf(first) === statusOf(corrected) && hasAnswer(first) && first.response.body !== '';
  const isSame = isFirst && hasAnswer(corrected) && likeness(first.response, corrected.response, []) !== 'other';
  return codes.includes('correction-refused') && isSame ? 'stored' : null;
}

/** The requests of the case itself, without what it was counted and arranged by. */
function isStep({ step }: Exchange): boolean {
  return ['first', 'repeat', 'corrected', 'corrected-again', 'control'].includes(step);
}
