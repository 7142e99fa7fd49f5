import { describe, expect, it } from 'vitest';
import { keyErrorPolicy as check } from '../../../src/checks/keys/key-error-policy.js';
import { isSkip, type Subject } from '../../../src/core/check.js';
import type { Contract } from '../../../src/core/contract.js';
import { header } from '../../../src/core/http.js';
import type { Payload } from '../../../src/core/operation.js';
import { drive, type Reply } from '../../support/drive.js';
import { evidence } from '../../support/evidence.js';
import { outcome } from '../../support/outcome.js';
import { createShop } from '../../support/shop.js';
import { keyed, keyless, operation, resource, scenarioOf, subject } from '../../support/subject.js';
import { crashing, hooked, invalid, limits, strangers, type Row } from './rows/key-error-policy.js';

/** A create that can be refused (amount -1) and crashed (amount 13). */
function target(contract: Partial<Contract> = {}, hooks: readonly ('fault' | 'limit')[] = []): Subject {
  const amounts: Readonly<Partial<Record<Payload, number>>> = { invalid: -1, crash: 13 };
  const create = operation('POST', '/orders', 'create', {
    contract: { ...keyed, ...contract },
    payloads: new Set<Payload>(['body', 'invalid', 'crash']),
    build: (scope, payload = 'body') => ({
      method: 'POST',
      path: '/orders',
      headers: [['content-type', 'application/json']],
      body: JSON.stringify({ amount: amounts[payload] ?? 1, reference: scope.marker }),
    }),
  });
  return { ...subject(create, resource({ create })), hooks: new Set(hooks), isAuthenticated: true };
}

const judged = ({ exchanges, readings, contract }: Row, variant: string, hooks: readonly ('fault' | 'limit')[] = []) =>
  outcome(scenarioOf(check, target(contract, hooks), variant).judge(evidence(exchanges, readings)));

/** A shop that refuses amount -1 and fails on amount 13, with what it then does to the key. */
function failingShop(keep: (key: string, usual: () => Reply) => Reply) {
  const shop = createShop();
  return {
    ...shop,
    handle(request: Parameters<typeof shop.handle>[0], nowUs: number): Reply {
      const amount = /"amount":(-?\d+)/.exec(request.body ?? '')?.[1];
      const status = { '-1': 400, '13': 500 }[amount ?? ''];
      const usual = (): Reply =>
        status === undefined ? shop.handle(request, nowUs) : { status, body: { error: amount } };
      return keep(header(request, 'idempotency-key') ?? '', usual);
    },
  };
}

describe('key-error-policy', () => {
  it.each(invalid)('invalid: $name', one => {
    expect(judged(one, 'invalid')).toBe(one.expected);
  });

  it.each(limits)('limit: $name', one => {
    expect(judged(one, 'limit', ['limit'])).toBe(one.expected);
  });

  it('waits for as long as the refusal asks, before the retry and between those around it', () => {
    let sent = 0;
    const { steps } = drive(scenarioOf(check, target({}, ['limit']), 'limit'), {
      ...createShop(),
      handle: () => ({ status: ++sent === 1 ? 429 : 201, body: { id: '1' }, headers: [['retry-after', '4']] }),
    });
    const order = steps.flatMap((step): readonly (string | number)[] => {
      if (step.kind === 'later' && step.label === 'retry-after') return [step.ms];
      return step.kind === 'send' || step.kind === 'hook' ? [step.label] : [];
    });
    expect(order).toEqual(['limit', 'provoked', 4000, 'control', 4000, 'provoked again']);
  });

  it.each(strangers)('credentials: $name', one => {
    expect(judged(one, 'credentials')).toBe(one.expected);
  });

  it('comes with a worthless credential first, and with the same key afterwards', () => {
    const { steps } = drive(scenarioOf(check, target(), 'credentials'), {
      ...createShop(),
      handle: () => ({ status: 401, body: {} }),
    });
    const sent = steps.flatMap(step => (step.kind === 'send' ? [step] : []));
    expect(sent.map(({ label, outgoing: { identity } }) => [label, identity])).toEqual([
      ['first', 'garbage'],
      ['corrected', undefined],
      ['control', undefined],
    ]);
    const keys = sent.map(({ outgoing: { request } }) => header(request, 'idempotency-key'));
    expect([keys[0] === keys[1], keys[1] === keys[2]]).toEqual([true, false]);
  });

  it.each(hooked)('fault by a hook: $name', one => {
    expect(judged(one, 'fault', ['fault'])).toBe(one.expected);
  });

  it.each(crashing)('fault by a payload: $name', one => {
    expect(judged(one, 'fault')).toBe(one.expected);
  });

  it.each([
    ['invalid', 'pass +key-freed', ['first', 'repeat', 'corrected', 'corrected-again']],
    ['fault', 'pass +key-freed +fails-again', ['first', 'repeat', 'corrected', 'control']],
  ] as const)('on a server that frees its keys (%s)', (variant, expected, sent) => {
    const { verdict, exchanges } = drive(
      scenarioOf(check, target(), variant),
      failingShop((_, usual) => usual()),
    );
    expect(outcome(verdict)).toBe(expected);
    expect(exchanges.map(({ step }) => step)).toEqual(sent);
    const keys = exchanges.map(({ request }) => header(request, 'idempotency-key'));
    expect(new Set(keys.slice(0, 3)).size).toBe(1);
  });

  it.each([
    ['invalid', 'warn correction-refused'],
    ['fault', 'warn error-stored?'],
  ])('on a server that stores every answer (%s)', (variant, expected) => {
    const answers = new Map<string, Reply>();
    const server = failingShop((key, usual) => {
      const reply = answers.get(key) ?? usual();
      answers.set(key, reply);
      return reply;
    });
    expect(outcome(drive(scenarioOf(check, target(), variant), server).verdict)).toBe(expected);
  });

  it('watches a locked key for as long as the contract calls it in flight', () => {
    const of = (maxWaitMs: number) => {
      const locked = new Set<string>();
      const server = failingShop((key, usual) => {
        if (locked.has(key)) return { status: 409, body: {} };
        const reply = usual();
        if (reply.status === 500) locked.add(key);
        return reply;
      });
      return outcome(drive(scenarioOf(check, target({ inflightTimeout: 20 }), 'fault'), server, { maxWaitMs }).verdict);
    };
    expect([of(60_000), of(3_000)]).toEqual(['fail key-stuck', 'inconclusive still-in-flight']);
  });

  it('runs the hook right before the request that is to fail', () => {
    const { steps, verdict } = drive(scenarioOf(check, target({}, ['fault']), 'fault'), createShop());
    const kinds = steps.map(step => (step.kind === 'send' || step.kind === 'hook' ? step.label : step.kind));
    expect(kinds.slice(kinds.indexOf('fault'))).toEqual(['fault', 'first']);
    expect(outcome(verdict)).toBe('inconclusive control-failed');
  });

  it('applies where there is a way to be refused, or to fail', () => {
    const skips = (
      variant: string,
      payloads: readonly Payload[],
      hooks: readonly ('fault' | 'limit')[] = [],
      contract = keyed,
    ) => {
      const create = operation('POST', '/orders', 'create', { payloads: new Set(payloads), contract });
      return isSkip(check.plan({ ...subject(create), hooks: new Set(hooks) }, variant));
    };
    expect([skips('invalid', ['body']), skips('invalid', ['body', 'invalid'])]).toEqual([true, false]);
    expect([skips('fault', ['body']), skips('fault', ['body', 'crash']), skips('fault', ['body'], ['fault'])]).toEqual([
      true,
      false,
      false,
    ]);
    expect(skips('invalid', ['body', 'invalid'], [], keyless)).toBe(true);
    const hooksOf = (variant: string, hooks: readonly ('fault' | 'limit')[]) =>
      scenarioOf(check, target({}, hooks), variant).hooks;
    expect([hooksOf('fault', ['fault']), hooksOf('fault', []), hooksOf('limit', ['limit'])]).toEqual([
      ['fault'],
      [],
      ['limit'],
    ]);
    expect(isSkip(check.plan(target({}, ['fault']), 'limit'))).toBe(true);
    const open = { ...target(), isAuthenticated: false };
    expect([isSkip(check.plan(target(), 'credentials')), isSkip(check.plan(open, 'credentials'))]).toEqual([
      false,
      true,
    ]);
    expect(isSkip(check.plan(subject(resource().update), 'invalid'))).toBe(true);
  });
});
