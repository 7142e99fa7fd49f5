import { describe, expect, it } from 'vitest';
import { putConcurrentWhole as check } from '../../../src/checks/put/put-concurrent-whole.js';
import { roundsOf } from '../../../src/core/evidence.js';
import { isSkip } from '../../../src/core/check.js';
import type { Exchange } from '../../../src/core/http.js';
import type { Payload } from '../../../src/core/operation.js';
import { createDepot, type DepotOptions } from '../../support/depot.js';
import { drive } from '../../support/drive.js';
import { evidence } from '../../support/evidence.js';
import { createCanned } from '../../support/exchange.js';
import { outcome } from '../../support/outcome.js';
import { keyless, operation, resource, scenarioOf, subject } from '../../support/subject.js';

const { answered, lost } = createCanned();
const on = subject(resource().replace);

const written = (step: string, status: number, body: object, lane = 0) =>
  answered(step, status, { method: 'PUT', lane, requestBody: JSON.stringify(body) });
const START = { amount: 2, reference: 'm0' };
/** Two writes alone, shown as written unless something else is said. */
const control = (status = 200, shown: (body: object) => object = body => body) => [
  written('control 1', status, { amount: 1, reference: 'c' }),
  answered('control state 1', 200, { body: shown({ amount: 1, reference: 'c' }) }),
  written('control 2', status, START),
  answered('control state 2', 200, { body: shown(START) }),
];

interface Lane {
  readonly status: number | null;
  readonly body: object;
  readonly from?: number;
}
const lanes = (...statuses: readonly (number | null)[]): readonly Lane[] =>
  statuses.map((status, at) => ({ status, body: { amount: 10 + at, reference: `m${10 + at}` } }));
const body = (amount: number, reference = amount) => ({ amount, reference: `m${reference}` });

function round(
  at: number,
  given: readonly Lane[],
  state: object,
  { before = START, again = state, status = 200 }: { before?: object; again?: object; status?: number } = {},
): Exchange[] {
  return [
    answered('before', 200, { round: at, body: before }),
    ...given.map(({ status: answer, body: said, from = 0 }, lane) => {
      const shape = {
        method: 'PUT' as const,
        round: at,
        lane,
        sync: 'barrier' as const,
        from,
        to: from + 500,
        requestBody: JSON.stringify(said),
      };
      return answer === null ? lost('race', 'reset', shape) : answered('race', answer, shape);
    }),
    answered('state', status, { round: at, body: state }),
    answered('state again', status, { round: at, body: again }),
  ];
}

const apart = lanes(200, 200).map((lane, at) => ({ ...lane, from: at * 1000 }));
const oneField = (...amounts: readonly number[]): readonly Lane[] =>
  amounts.map(amount => ({ status: 200, body: { amount, reference: 'm' } }));

const table: readonly (readonly [name: string, exchanges: readonly Exchange[], expected: string])[] = [
  ['the last one', [...control(), ...round(0, lanes(200, 200), body(11))], 'pass +race-power'],
  ['any one', [...control(), ...round(0, lanes(200, 204, 200), body(10))], 'pass +race-power'],
  ['below a wrapper', [...control(), ...round(0, lanes(200, 200), { data: body(10) })], 'pass +race-power'],
  ['losers refused', [...control(), ...round(0, lanes(200, 409, 423), body(10))], 'pass +race-power'],
  ['a loser with 403', [...control(), ...round(0, lanes(200, 403), body(10))], 'pass +status-outside +race-power'],
  ['a mixture', [...control(), ...round(0, lanes(200, 200), body(10, 11))], 'fail mixed'],
  ['a mixture without overlap', [...control(), ...round(0, apart, body(10, 11))], 'fail mixed'],
  [
    'a mixture in a later round',
    [...control(), ...round(0, lanes(200, 200), body(10)), ...round(1, lanes(200, 200), body(10, 11))],
    'fail mixed',
  ],
  [
    'a mixture in one read alone',
    [...control(), ...round(0, lanes(200, 200), body(10, 11), { again: body(10) })],
    'inconclusive unsteady',
  ],
  ['a value nobody sent', [...control(), ...round(0, lanes(200, 200), body(99, 10))], 'fail unsent-state'],
  ['nothing there', [...control(), ...round(0, lanes(200, 200), {}, { status: 404 })], 'fail unsent-state'],
  ['a value from before', [...control(), ...round(0, lanes(200, 200), START)], 'inconclusive unsteady'],
  ['a value half from before', [...control(), ...round(0, lanes(200, 200), body(2, 10))], 'inconclusive unsteady'],
  ['a field not shown', [...control(), ...round(0, lanes(200, 200), { amount: 10 })], 'inconclusive unsteady'],
  ['a refused one', [...control(), ...round(0, lanes(200, 409), body(11))], 'fail refused-applied'],
  [
    'a refused one that was there before',
    [...control(), ...round(0, lanes(200, 409), body(11), { before: body(11) })],
    'inconclusive unsteady',
  ],
  ['a lost one', [...control(), ...round(0, lanes(200, null), body(11))], 'inconclusive lost-answers'],
  ['one crash', [...control(), ...round(0, lanes(200, 500), body(10))], 'fail crashed?'],
  [
    'two crashes',
    [...control(), ...round(0, lanes(200, 500), body(10)), ...round(1, lanes(500, 200), body(11))],
    'fail crashed',
  ],
  ['a 503', [...control(), ...round(0, lanes(200, 503), body(10))], 'inconclusive unavailable'],
  ['a 429', [...control(), ...round(0, lanes(200, 429), body(10))], 'inconclusive rate-limited'],
  ['no overlap', [...control(), ...round(0, apart, body(11))], 'inconclusive no-overlap'],
  ['everything refused', [...control(), ...round(0, lanes(409, 409), START)], 'inconclusive no-effect'],
  ['for later', [...control(), ...round(0, lanes(202, 202), START)], 'inconclusive still-pending'],
  [
    'bodies of one field',
    [...control(), ...round(0, oneField(10, 11), { amount: 11, reference: 'm' })],
    'inconclusive control-failed',
  ],
  ['a PUT alone is refused', control(428), 'inconclusive control-failed'],
  ['a PUT alone crashes', control(503), 'inconclusive unavailable'],
  ['writes that no read shows', control(200, () => ({ ok: true })), 'inconclusive control-failed'],
  ['no round', control(), 'inconclusive no-overlap'],
  ['nothing sent', [], 'inconclusive lost-answers'],
];

/** A round of two texts, after two alone. */
function texts(state: string, shown: (text: string) => string = text => text): Exchange[] {
  const said = (step: string, text: string, lane = 0) =>
    answered(step, 204, {
      ...(step === 'race' ? { sync: 'barrier' as const, lane } : {}),
      method: 'PUT',
      requestBody: text,
      requestHeaders: [['content-type', 'text/plain']],
    });
  const read = (step: string, text: string) => answered(step, 200, { body: shown(text), headers: [] });
  return [
    said('control 1', 'one a\r\n'),
    read('control state 1', 'one a\r\n'),
    said('control 2', 'two b\r\n'),
    read('control state 2', 'two b\r\n'),
    read('before', 'two b\r\n'),
    said('race', 'one c\r\n', 0),
    said('race', 'two d\r\n', 1),
    read('state', state),
    read('state again', state),
  ];
}

const ofTexts: readonly (readonly [name: string, exchanges: readonly Exchange[], expected: string])[] = [
  ['one of them', texts('two d'), 'pass +race-power'],
  ['a mixture', texts('one d'), 'fail mixed'],
  ['what nobody sent', texts('two dc'), 'fail unsent-state'],
  ['cut short', texts('two'), 'inconclusive unsteady'],
  ['written anew by the server', texts('two d', text => `x ${text}`), 'inconclusive control-failed'],
];

describe('put-concurrent-whole', () => {
  it('rests on every round that it counts', () => {
    const mixed = [0, 1, 2].flatMap(at => round(at, lanes(200, 200), at === 1 ? body(11) : body(10, 11)));
    const seen = evidence([...control(), ...mixed]);
    const verdict = scenarioOf(check, on).judge(seen);
    const [finding] = 'findings' in verdict ? verdict.findings : [];
    const proof = seen.exchanges.filter(({ n, step }) => finding?.exchanges.includes(n) === true && step === 'race');
    expect(finding?.args).toMatchObject({ hits: 2, rounds: 3 });
    expect([...new Set(proof.map(one => one.round))]).toEqual([0, 2]);
  });

  it.each(table)('%s', (_, exchanges, expected) => {
    expect(outcome(scenarioOf(check, on).judge(evidence(exchanges)))).toBe(expected);
  });

  it.each(ofTexts)('of texts: %s', (_, exchanges, expected) => {
    expect(outcome(scenarioOf(check, on).judge(evidence(exchanges)))).toBe(expected);
  });

  it('leaves out what is not stored as written', () => {
    const hashed = (said: object) => ({ ...said, reference: 'x' });
    const played = round(0, lanes(200, 200), { amount: 10, reference: 'y' });
    const seen = evidence([...control(200, hashed), ...played]);
    expect(outcome(scenarioOf(check, on).judge(seen))).toBe('inconclusive control-failed');
  });

  it('names the fields of the mixture, and in how many rounds', () => {
    const seen = evidence([...control(), ...round(0, lanes(200, 200), body(10, 11))]);
    expect(scenarioOf(check, on).judge(seen)).toMatchObject({
      findings: [{ args: { one: '$.amount', other: '$.reference', width: 2, hits: 1, rounds: 1 } }],
    });
  });

  /** Of requests that come at one moment the later ones change a part alone. */
  const mixing = (): NonNullable<DepotOptions['bend']> => {
    let moment = -1;
    return (request, usual, orders, nowUs) => {
      const [order] = orders.values();
      const isMet = nowUs === moment;
      moment = nowUs;
      if (request.method !== 'PUT' || order === undefined || !isMet) return usual();
      const { reference } = JSON.parse(request.body ?? '{}') as { reference: string };
      orders.set(order.id, { ...order, fields: { ...order.fields, reference } });
      return { status: 200, body: {} };
    };
  };
  /** Lets nobody change the reference. */
  const fixed: NonNullable<DepotOptions['bend']> = (request, usual, orders) => {
    const [order] = orders.values();
    const isOther = request.method === 'PUT' && !request.body?.includes(`"${String(order?.fields['reference'])}"`);
    return isOther ? { status: 422 } : usual();
  };

  it.each([
    ['that is correct', {}, 'pass +race-power'],
    ['that mixes', { bend: mixing() }, 'fail mixed'],
    ['that keeps its reference', { bend: fixed }, 'inconclusive control-failed'],
    ['that wants a version', { missing: 428 }, 'inconclusive control-failed'],
  ] as const)('on a server %s', (_, options, expected) => {
    expect(outcome(drive(scenarioOf(check, on), createDepot(options)).verdict)).toBe(expected);
  });

  it('writes a body of its own in every lane', () => {
    const played = roundsOf(drive(scenarioOf(check, on), createDepot()).evidence, 'race');
    expect(played.map(race => new Set(race.map(({ request }) => request.body)).size)).toEqual([2, 4, 4]);
  });

  const demanding = { ...keyless, etag: { ...keyless.etag, missing: [428] } };
  it.each([
    ['a PATCH', resource().update, resource()],
    ['no read', resource().replace, resource({ read: null })],
    ['no create', resource().replace, resource({ create: null })],
    [
      'one body',
      operation('PUT', '/x', 'replace', { marked: false, payloads: new Set<Payload>(['body']) }),
      resource(),
    ],
    ['a version is demanded', operation('PUT', '/x', 'replace', { contract: demanding }), resource()],
  ])('does not apply: %s', (_, of, within) => {
    expect(isSkip(check.plan(subject(of, within), null))).toBe(true);
  });
});
