import { describe, expect, it } from 'vitest';
import { keyErrorPolicy as check } from '../../../src/checks/keys/key-error-policy.js';
import { isSkip, type Subject } from '../../../src/core/check.js';
import type { Contract } from '../../../src/core/contract.js';
import { header, type Exchange } from '../../../src/core/http.js';
import type { Payload } from '../../../src/core/operation.js';
import type { Reading } from '../../../src/core/reading.js';
import { drive, type Reply } from '../../support/drive.js';
import { evidence, reading } from '../../support/evidence.js';
import { createCanned } from '../../support/exchange.js';
import { outcome } from '../../support/outcome.js';
import { createShop } from '../../support/shop.js';
import { keyed, keyless, operation, resource, scenarioOf, subject } from '../../support/subject.js';

const { answered, lost } = createCanned();
const OTHER = { error: 'key used with another payload' };
const WRONG = { error: 'amount' };

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

interface Row {
  readonly name: string;
  readonly exchanges: readonly Exchange[];
  readonly readings: readonly Reading[];
  readonly expected: string;
  readonly contract?: Partial<Contract>;
}
const row = (
  name: string,
  exchanges: readonly Exchange[],
  readings: readonly Reading[],
  expected: string,
  contract: Partial<Contract> = {},
): Row => ({ name, exchanges, readings, expected, contract });
const after = (count: number | null, overrides: Partial<Reading> = {}) => reading('after', count, overrides);
const ok = (step: string) => answered(step, 201, { body: { id: step } });

const first = answered('first', 400, { body: WRONG });
const repeat = answered('repeat', 400, { body: WRONG });
const corrected = (status: number, body: object = OTHER) => answered('corrected', status, { body });
const invalid: readonly Row[] = [
  row('freed', [first, repeat, ok('corrected'), ok('corrected-again')], [after(1)], 'pass +key-freed'),
  row('kept as another payload', [first, repeat, corrected(422), ok('control')], [], 'pass +key-taken'),
  row('kept, with the status of the refusal', [first, repeat, corrected(400), ok('control')], [], 'pass +key-taken'),
  row('given the stored refusal', [first, repeat, corrected(400, WRONG), ok('control')], [], 'warn correction-refused'),
  row(
    'given the stored refusal, as declared',
    [first, repeat, corrected(400, WRONG), ok('control')],
    [],
    'pass +declared-stored',
    { errorsStored: 'all' },
  ),
  row('refused for another reason', [first, repeat, corrected(404), ok('control')], [], 'warn correction-refused'),
  row('crashed', [first, repeat, corrected(500), ok('control')], [], 'fail correction-refused?'),
  row(
    'refused everywhere',
    [first, repeat, corrected(400, WRONG), answered('control', 400)],
    [],
    'inconclusive control-failed',
  ),
  row('not controlled', [first, repeat, corrected(400, WRONG)], [], 'inconclusive lost-answers'),
  row('executed twice', [first, repeat, ok('corrected'), ok('corrected-again')], [after(2)], 'fail executed-twice'),
  row('in flight', [first, answered('repeat', 409), corrected(409), ok('control')], [], 'warn refusal-changed?'),
  row('crashed on the repeat', [first, answered('repeat', 500)], [], 'fail refusal-changed?'),
  row(
    'accepted on the repeat',
    [first, ok('repeat'), ok('corrected'), ok('corrected-again')],
    [after(1)],
    'fail refusal-changed?',
  ),
  row('503 on the repeat', [first, answered('repeat', 503)], [], 'inconclusive unavailable'),
  row('uncounted', [first, repeat, ok('corrected'), corrected(422)], [], 'inconclusive lost-answers'),
  row('not refused', [ok('first')], [], 'inconclusive control-failed'),
  row('rate-limited', [answered('first', 429)], [], 'inconclusive rate-limited'),
  row('repeat lost', [first, lost('repeat')], [], 'inconclusive lost-answers'),
  row('nothing sent', [], [], 'inconclusive lost-answers'),
];

const failed = answered('first', 500);
const then = (status: number, ms = 1) => answered('repeat', status, { from: ms * 1000, to: ms * 1000 });
const counts = (one: number, two: number) => [reading('after-first', one), after(two)];
const fault: readonly Row[] = [
  row('carried out on the retry', [failed, then(201), ok('control')], counts(0, 1), 'pass +key-freed'),
  row('the first had it done, the retry tells', [failed, then(201), ok('control')], counts(1, 1), 'pass +key-freed'),
  row('done by both', [failed, then(201), ok('control')], counts(1, 2), 'fail executed-twice'),
  row('done by both, which fail', [failed, then(500), ok('control')], counts(1, 2), 'fail executed-twice'),
  row('by neither', [failed, then(201), ok('control')], counts(0, 0), 'inconclusive no-effect'),
  row(
    'told to wait for a minute',
    [failed, then(409), then(409, 61_000), ok('control')],
    counts(0, 0),
    'fail key-stuck',
  ),
  row(
    'told to wait, no patience',
    [failed, then(409), then(409, 9_000), ok('control')],
    counts(0, 0),
    'inconclusive still-in-flight',
  ),
  row('told to wait, then done', [failed, then(409), then(201, 1_000), ok('control')], counts(0, 1), 'pass +key-freed'),
  row('burned', [failed, then(400), ok('control')], counts(0, 0), 'fail key-stuck?'),
  row(
    'burned, or refused anyway',
    [failed, then(400), answered('control', 400)],
    counts(0, 0),
    'inconclusive control-failed',
  ),
  row('503 on the retry', [failed, then(503)], counts(0, 0), 'inconclusive unavailable'),
  row('no failure', [ok('first')], [], 'inconclusive control-failed'),
  row('unavailable', [answered('first', 503)], [], 'inconclusive unavailable'),
];
const hooked: readonly Row[] = [
  ...fault,
  row('stored', [failed, then(500), ok('control')], counts(0, 0), 'warn error-stored?'),
  row('stored, as declared', [failed, then(500), ok('control')], counts(0, 0), 'pass +declared-stored', {
    errorsStored: 'after-execution',
  }),
  row('stored, against the contract', [failed, then(500), ok('control')], counts(0, 0), 'fail error-stored?', {
    errorsStored: 'none',
  }),
  row(
    'fails under any key',
    [failed, then(500), answered('control', 500)],
    counts(0, 0),
    'inconclusive control-failed',
  ),
];
const crashing: readonly Row[] = [
  ...fault,
  row(
    'fails again, and the key is free',
    [failed, then(500), ok('corrected'), ok('control')],
    counts(0, 0),
    'pass +key-freed +fails-again',
  ),
  row(
    'fails again, and the key is kept',
    [failed, then(500), corrected(422), ok('control')],
    counts(0, 0),
    'pass +fails-again',
  ),
  row(
    'fails again, and its effects cannot be counted',
    [failed, then(500), ok('corrected'), ok('control')],
    [reading('after', null, { kind: 'identity', trouble: 'ids are all there is' })],
    'inconclusive oracle-failed',
  ),
  row('stored for any payload', [failed, then(500), corrected(500), ok('control')], counts(0, 0), 'warn error-stored?'),
];

const stranger = answered('first', 401);
const right = [ok('corrected'), ok('corrected-again')];
const own = (status: number) => answered('corrected', status);
const strangers: readonly Row[] = [
  row('freed', [stranger, ...right], [after(1)], 'pass +key-freed'),
  row('forbidden, then freed', [answered('first', 403), ...right], [after(1)], 'pass +key-freed'),
  row('carried out twice', [stranger, ...right], [after(2)], 'fail executed-twice'),
  row('refused to the right caller', [stranger, own(401), ok('control')], [], 'fail refusal-replayed'),
  row('forbidden to the right caller', [stranger, own(403), ok('control')], [], 'fail refusal-replayed'),
  row('taken', [stranger, own(409), ok('control')], [], 'warn correction-refused'),
  row('a crash', [stranger, own(500), ok('control')], [], 'fail correction-refused?'),
  row('refused under any key', [stranger, own(401), answered('control', 401)], [], 'inconclusive control-failed'),
  row('open to everybody', [ok('first')], [], 'inconclusive control-failed'),
  row('a 503', [stranger, own(503), ok('control')], [], 'inconclusive unavailable'),
  row('a lost answer', [stranger, lost('corrected', 'reset')], [], 'inconclusive lost-answers'),
];

const away = answered('provoked', 429);
const retry = (status: number) => answered('provoked again', status, { body: { id: 'retry' } });
const letIn = ok('control');
const limits: readonly Row[] = [
  row('freed', [away, letIn, retry(201)], [after(1)], 'pass +key-freed'),
  row('turned away again', [away, letIn, retry(429), letIn], [], 'fail limit-replayed?'),
  row('so declared', [away, letIn, retry(429), letIn], [], 'warn limit-replayed?', { errorsStored: 'all' }),
  row(
    'a limit that comes and goes',
    [away, letIn, retry(429), answered('control', 429)],
    [],
    'inconclusive rate-limited',
  ),
  row('a limit that stays', [away, answered('control', 429), retry(429), letIn], [], 'inconclusive rate-limited'),
  row('taken', [away, letIn, retry(409), letIn], [], 'warn correction-refused'),
  row('a crash', [away, letIn, retry(500), letIn], [], 'fail correction-refused?'),
  row('a 503', [away, letIn, retry(503), letIn], [], 'inconclusive unavailable'),
  row('not turned away', [ok('provoked')], [], 'inconclusive control-failed'),
  row('a lost retry', [away, letIn, lost('provoked again', 'reset'), letIn], [], 'inconclusive lost-answers'),
];

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
