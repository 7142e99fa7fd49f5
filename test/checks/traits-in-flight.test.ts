import { describe, expect, it } from 'vitest';
import { keyConcurrentLoser } from '../../src/checks/keys/key-concurrent-loser.js';
import { keyReplayResponse } from '../../src/checks/keys/key-replay-response.js';
import { evidence } from '../support/evidence.js';
import type { Exchange } from '../../src/core/http.js';
import type { TraitName, TraitValue } from '../../src/core/trait.js';
import { createCanned } from '../support/exchange.js';
import { operation, subject } from '../support/subject.js';
import { traitsIn } from '../support/traits.js';

const { answered } = createCanned();
type Row = readonly [
  name: string,
  exchanges: readonly Exchange[],
  expected: Readonly<Partial<Record<TraitName, TraitValue>>>,
];
const creating = () => subject(operation('POST', '/orders', 'create'));

describe('a request that meets its first one in flight', () => {
  const control = [answered('control', 201, { body: { id: 'c' } }), answered('control-repeat', 201)];
  const raced = (round: number, ...statuses: number[]) =>
    [201, ...statuses].map((status, lane) =>
      answered('race', status, {
        round,
        lane,
        sync: 'barrier',
        from: 0,
        to: 1000,
        body: status < 300 ? { id: `${round}` } : {},
      }),
    );
  const rows: readonly Row[] = [
    ['is refused', [...control, ...raced(0, 409), ...raced(1, 409)], { inflight: [409] }],
    ['is refused, or came too late for it', [...control, ...raced(0, 409, 201), ...raced(1, 201)], { inflight: [409] }],
    ['is refused in two ways', [...control, ...raced(0, 409), ...raced(1, 425)], { inflight: [409, 425] }],
    ['is refused with 429 each time', [...control, ...raced(0, 429), ...raced(1, 429)], { inflight: [429] }],
    ['meets a rate limit once', [...control, ...raced(0, 429), ...raced(1, 201)], {}],
    ['meets a rate limit beside a refusal', [...control, ...raced(0, 429, 409)], { inflight: [409] }],
    ['waits, in each of two rounds', [...control, ...raced(0, 201), ...raced(1, 201, 201)], { inflight: ['waits'] }],
    ['waited in a single round', [...control, ...raced(0, 201)], {}],
    ['crashed', [...control, ...raced(0, 500), ...raced(1, 500)], {}],
    ['is accepted as another one', [...control, ...raced(0, 202), ...raced(1, 202)], {}],
    [
      'and a plain repeat is refused as well',
      [answered('control', 201), answered('control-repeat', 409), ...raced(0, 409), ...raced(1, 409)],
      {},
    ],
    ['was never seen', control, {}],
  ];
  it.each(rows)('%s', (_, exchanges, expected) => {
    expect(traitsIn(keyConcurrentLoser, creating(), evidence(exchanges))).toEqual(expected);
  });

  it('is executed for itself: no wait', () => {
    const other = (round: number) => raced(round).map(one => ({ ...one, n: one.n + 500, lane: 1 }));
    const apart = [0, 1].flatMap(round => [
      ...raced(round),
      ...other(round).map(one => ({ ...one, response: one.response && { ...one.response, body: '{"id":"x"}' } })),
    ]);
    expect(traitsIn(keyConcurrentLoser, creating(), evidence([...control, ...apart]))).toEqual({});
  });
});

describe('an action', () => {
  const paying = subject(operation('POST', '/orders/{id}/pay', 'action:pay'));
  const raced = (round: number, bodies: readonly object[]) =>
    bodies.map((body, lane) => answered('race', 200, { round, lane, sync: 'barrier', from: 0, to: 1000, body }));
  const rounds = (bodies: (round: number) => readonly object[], control: object = { id: 'c', paid: 1 }) =>
    evidence([
      answered('control', 200, { body: control }),
      answered('control-repeat', 200, { body: control }),
      ...[0, 1].flatMap(round => raced(round, bodies(round))),
    ]);
  it('waits where its answers are one, and tell something', () => {
    const one = rounds(round => [{ id: `${round}` }, { id: `${round}` }]);
    expect(traitsIn(keyConcurrentLoser, paying, one)).toEqual({ inflight: ['waits'] });
  });
  it('waits where its repeats have a status of their own', () => {
    const [first, ...others] = rounds(round => [{ id: `${round}` }, { id: `${round}` }]).exchanges.toReversed();
    const created =
      first === undefined ? [] : [{ ...first, response: first.response && { ...first.response, status: 201 } }];
    expect(traitsIn(keyConcurrentLoser, paying, evidence([...created, ...others]))).toEqual({ inflight: ['waits'] });
  });
  it('is not seen to wait where its answer is always the same', () => {
    const dull = rounds(() => [{ status: 'ok' }, { status: 'ok' }], { status: 'ok' });
    expect(traitsIn(keyConcurrentLoser, paying, dull)).toEqual({});
  });
  it('is not seen to wait where each request was done by itself', () => {
    const each = rounds(round => [
      { id: `${round}`, balance: 1 },
      { id: `${round}`, balance: 2 },
    ]);
    expect(traitsIn(keyConcurrentLoser, paying, each)).toEqual({});
  });
  it('that is answered alike twice shows no key', () => {
    const twice = evidence([
      answered('first', 200, { body: { id: '1' } }),
      answered('replay', 200, { body: { id: '1' } }),
    ]);
    expect(traitsIn(keyReplayResponse, paying, twice)).toEqual({ replayStatus: ['same'] });
    const anew = evidence([
      answered('first', 200, { body: { id: '1' } }),
      answered('replay', 200, { body: { id: '2' } }),
    ]);
    expect(traitsIn(keyReplayResponse, paying, anew)).toEqual({});
  });
});
