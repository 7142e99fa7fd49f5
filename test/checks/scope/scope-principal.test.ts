import { describe, expect, it } from 'vitest';
import { scopePrincipal as check } from '../../../src/checks/scope/scope-principal.js';
import { isSkip } from '../../../src/core/check.js';
import type { Contract } from '../../../src/core/contract.js';
import type { Exchange } from '../../../src/core/http.js';
import type { Reading } from '../../../src/core/reading.js';
import { drive } from '../../support/drive.js';
import { evidence, reading } from '../../support/evidence.js';
import { createCanned } from '../../support/exchange.js';
import { outcome } from '../../support/outcome.js';
import { createShop } from '../../support/shop.js';
import { keyed, keyless, operation, resource, scenarioOf, subject } from '../../support/subject.js';

const { answered, lost } = createCanned();
const MINE = 'order-0001';
const THEIRS = 'order-0002';
const shown = (id: string) => ({ id, amount: 1 });

const first = answered('first', 201, { body: shown(MINE) });
const control = (status = 201) => answered('control', status, { body: shown('order-0003') });
const same = (status: number, body: object = {}) => answered('same-request', status, { body });
const mine = (status: number, body: object = {}) => answered('own-request', status, { body });
const again = answered('again', 201, { body: shown(MINE) });
const newKey = (status = 201) => answered('new-key', status, { body: shown('order-0004') });
const newKeyOwn = (status: number) => answered('new-key-own', status);
const foreignRead = (status = 404) => answered('foreign-read', status, { body: status === 200 ? shown(MINE) : {} });
const counts = (sameCount: number | null, ownCount: number | null): readonly Reading[] => [
  reading('same-effects', sameCount),
  reading('own-effects', ownCount),
];
const own = [first, control(), same(201, shown(THEIRS)), mine(422), again, newKey(), foreignRead()];
const leaked = [first, control(), same(201, shown(MINE)), mine(422), again, newKey(), foreignRead()];
const account = { scope: 'account' } as const;

interface Row {
  readonly name: string;
  readonly exchanges: readonly Exchange[];
  readonly readings?: readonly Reading[];
  readonly expected: string;
  readonly contract?: Partial<Contract>;
}

const table: readonly Row[] = [
  { name: 'executed for itself', exchanges: own, expected: 'pass' },
  {
    name: 'executed for itself, by ids alone',
    exchanges: own,
    readings: [reading('same-effects', 1, { kind: 'identity' })],
    expected: 'pass +identity-oracle',
  },
  { name: 'executed for itself, uncounted', exchanges: own, readings: [], expected: 'inconclusive oracle-blind' },
  {
    name: 'executed, but no effect is seen',
    exchanges: own,
    readings: counts(0, 0),
    expected: 'inconclusive no-effect',
  },
  { name: 'given my answer', exchanges: leaked, readings: counts(0, 0), expected: 'fail response-leaked' },
  { name: 'given my answer, uncounted', exchanges: leaked, readings: [], expected: 'fail response-leaked' },
  {
    name: 'given my answer, though it may read my record',
    exchanges: [...leaked.slice(0, -1), foreignRead(200)],
    expected: 'fail response-leaked',
  },
  {
    name: 'given my answer within my account, as declared',
    exchanges: [...leaked.slice(0, -1), foreignRead(200)],
    expected: 'pass +shared-account',
    contract: account,
  },
  {
    name: 'given my answer across accounts, though sharing is declared',
    exchanges: leaked,
    expected: 'fail response-leaked',
    contract: account,
  },
  {
    name: 'given my answer, and the read is voided',
    exchanges: [...leaked.slice(0, -1), foreignRead(503)],
    expected: 'fail response-leaked',
  },
  {
    name: 'given my answer, sharing is declared, and the read is voided',
    exchanges: [...leaked.slice(0, -1), foreignRead(503)],
    expected: 'inconclusive unavailable',
    contract: account,
  },
  {
    name: 'given my record under any key: there is one for all',
    exchanges: [
      first,
      control(),
      same(200, shown(MINE)),
      mine(201),
      again,
      answered('new-key', 200, { body: shown(MINE) }),
      foreignRead(200),
    ],
    expected: 'inconclusive control-failed',
  },
  {
    name: 'tenants number alike, and it was executed',
    exchanges: [
      answered('first', 201, { body: shown('1') }),
      control(),
      same(201, shown('1')),
      mine(422),
      answered('again', 201, { body: shown('1') }),
      newKey(),
      foreignRead(200),
    ],
    expected: 'pass',
  },
  {
    name: 'a short id, and nothing was executed',
    exchanges: [
      answered('first', 201, { body: shown('1') }),
      control(),
      same(201, shown('1')),
      mine(422),
      again,
      newKey(),
      foreignRead(404),
    ],
    readings: counts(0, 0),
    expected: 'fail response-leaked',
  },
  {
    name: 'my answer for a request of its own',
    exchanges: [first, control(), same(404), mine(201, shown(MINE)), again, newKey(404), foreignRead()],
    readings: counts(0, 0),
    expected: 'fail response-leaked',
  },
  {
    name: 'a refusal that shows my record',
    exchanges: [
      first,
      control(),
      same(409, { links: { conflicting_resource_id: MINE } }),
      mine(409),
      again,
      newKey(),
      foreignRead(),
    ],
    expected: 'fail leaked-in-refusal',
  },
  {
    name: 'refused because I used the key',
    exchanges: [first, control(), same(422), mine(422), again, newKey(), foreignRead()],
    expected: 'fail existence-revealed',
  },
  {
    name: 'refused because I used the key, as within an account',
    exchanges: [first, control(), same(422), mine(422), again, newKey(), foreignRead()],
    expected: 'warn existence-revealed',
    contract: account,
  },
  {
    name: 'refused because I used the key, but by no conflict',
    exchanges: [first, control(), same(403), mine(403), again, newKey(), foreignRead()],
    expected: 'warn existence-revealed',
  },
  {
    name: 'refused as under any key, its own request executed',
    exchanges: [first, control(), same(404), mine(201, shown(THEIRS)), again, newKey(404), foreignRead()],
    readings: counts(0, 1),
    expected: 'pass',
  },
  {
    name: 'refused as under any key, its own request because I used the key',
    exchanges: [first, control(), same(409), mine(409), again, newKey(409), newKeyOwn(201), foreignRead()],
    expected: 'fail existence-revealed',
  },
  {
    name: 'refused as under any key, its own request because it used the key up itself',
    exchanges: [first, control(), same(404), mine(422), again, newKey(404), newKeyOwn(422), foreignRead()],
    expected: 'inconclusive control-failed',
  },
  {
    name: 'crashed',
    exchanges: [first, control(), same(500), mine(500), again, newKey(), foreignRead()],
    expected: 'fail crashed?',
  },
  {
    name: 'crashes under any key',
    exchanges: [first, control(), same(500), mine(201, shown(THEIRS)), again, newKey(500), foreignRead()],
    readings: counts(0, 1),
    expected: 'pass',
  },
  {
    name: 'rate limited',
    exchanges: [first, control(), same(429), mine(201), again, newKey(), foreignRead()],
    expected: 'inconclusive rate-limited',
  },
  {
    name: 'not allowed the operation',
    exchanges: [first, control(403), same(403), mine(403), again, newKey(403), foreignRead(403)],
    expected: 'inconclusive control-failed',
  },
  {
    name: 'not allowed the operation, and given my answer',
    exchanges: [first, control(403), same(201, shown(MINE)), again, newKey(403), foreignRead(403)],
    readings: [],
    expected: 'fail response-leaked',
  },
  {
    name: 'the own request was lost',
    exchanges: [...own.slice(0, 3), lost('own-request')],
    expected: 'inconclusive lost-answers',
  },
  {
    name: 'its own request is redirected',
    exchanges: [first, control(), same(404), mine(302), again, newKey(404), foreignRead()],
    expected: 'inconclusive control-failed',
  },
  { name: 'refused at first', exchanges: [answered('first', 400)], expected: 'inconclusive first-refused' },
  {
    name: 'the key has no effect',
    exchanges: [
      first,
      control(),
      same(201, shown(THEIRS)),
      mine(201),
      answered('again', 201, { body: shown('x') }),
      newKey(),
      foreignRead(),
    ],
    expected: 'inconclusive control-failed',
  },
];

const on = (contract: Partial<Contract> = {}, identities: readonly string[] = ['other']) => ({
  ...subject(operation('POST', '/orders', 'create', { contract: { ...keyed, ...contract } })),
  identities,
});

describe('scope-principal', () => {
  it.each(table)('$name', ({ exchanges, readings = counts(1, null), contract = {}, expected }) => {
    expect(outcome(scenarioOf(check, on(contract)).judge(evidence(exchanges, readings)))).toBe(expected);
  });

  it('takes the word of the caller that showed something', () => {
    const unused = ['control', 'same-request', 'own-request', 'new-key'].map(step => answered(step, 403));
    const two = own.map(exchange => ({ ...exchange, round: 1 }));
    const scenario = scenarioOf(check, on({}, ['reader', 'other']));
    const seen = evidence([first, ...unused, ...two], [reading('same-effects', 1, { round: 1 })]);
    expect(outcome(scenario.judge(seen))).toBe('pass +caller-unused');
  });

  it('judges an action by its answer and by what the caller may do', () => {
    const pay = operation('POST', '/orders/{id}/pay', 'action:pay');
    const scenario = scenarioOf(check, { ...on(), operation: pay });
    const answer = { status: 'paid', at: '12:00:01' };
    const paid = answered('first', 200, { body: answer });
    const copy = [paid, control(), same(200, answer), mine(200, { status: 'paid' }), again];
    const outcomeOf = (rest: readonly Exchange[]) =>
      outcome(scenario.judge(evidence([...copy, ...rest], counts(null, 1))));
    expect(outcomeOf([newKey(404), foreignRead()])).toBe('fail response-leaked');
    expect(outcomeOf([newKey(409), foreignRead()])).toBe('pass');
    expect(outcomeOf([newKey(403), foreignRead(200)])).toBe('fail response-leaked');
  });

  it('sends as the other caller what is its own, and the rest as the run', () => {
    const { steps } = drive(scenarioOf(check, on()), createShop());
    const sent = steps.flatMap(step => (step.kind === 'send' ? [[step.label, step.outgoing.identity] as const] : []));
    const foreign = sent.filter(([, identity]) => identity === 'other').map(([label]) => label);
    expect(foreign).toEqual(['control', 'same-request', 'own-request', 'new-key', 'foreign-read']);
    expect(sent.filter(([, identity]) => identity === undefined).map(([label]) => label)).toEqual(['first', 'again']);
    const counted = steps.flatMap(step => (step.kind === 'effects' ? step.counted : []));
    expect(counted.map(({ identity }) => identity)).toEqual(['other', 'other', 'other']);
  });

  it.each([
    ['a read', operation('GET', '/orders/{id}', 'read'), ['other']],
    ['no key', operation('POST', '/orders', 'create', { contract: keyless }), ['other']],
    ['one caller', operation('POST', '/orders', 'create'), []],
    ['built-in callers alone', operation('POST', '/orders', 'create'), ['anonymous', 'garbage']],
  ])('does not apply to %s', (_, of, identities) => {
    expect(isSkip(check.plan({ ...subject(of, resource()), identities }, null))).toBe(true);
  });
});
