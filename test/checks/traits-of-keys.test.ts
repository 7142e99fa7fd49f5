import { describe, expect, it } from 'vitest';
import { keyErrorPolicy } from '../../src/checks/keys/key-error-policy.js';
import { keyMismatchRejected } from '../../src/checks/keys/key-mismatch-rejected.js';
import { keyMissing } from '../../src/checks/keys/key-missing.js';
import { keyReplayHeaders } from '../../src/checks/keys/key-replay-headers.js';
import { keyReplayResponse } from '../../src/checks/keys/key-replay-response.js';
import { keyReserializedBody } from '../../src/checks/keys/key-reserialized-body.js';
import type { Contract } from '../../src/core/contract.js';
import type { Exchange, HeaderLine } from '../../src/core/http.js';
import type { Payload } from '../../src/core/operation.js';
import type { Reading } from '../../src/core/reading.js';
import type { TraitName, TraitValue } from '../../src/core/trait.js';
import { evidence, reading } from '../support/evidence.js';
import { createCanned } from '../support/exchange.js';
import { keyed, operation, subject } from '../support/subject.js';
import { traitsIn } from '../support/traits.js';

const { answered, lost } = createCanned();
type Row = readonly [
  name: string,
  exchanges: readonly Exchange[],
  readings: readonly Reading[],
  expected: Readonly<Partial<Record<TraitName, TraitValue>>>,
];
const creating = (contract: Partial<Contract> = {}, unique: readonly string[] | null = null) => {
  const payloads = new Set<Payload>(['body', 'changed', 'invalid', 'crash']);
  return subject(operation('POST', '/orders', 'create', { contract: { ...keyed, ...contract }, payloads, unique }));
};

describe('another payload under a used key', () => {
  const made = { id: '1', amount: 1 };
  const start = [
    answered('control', 201, { body: { id: '9' } }),
    answered('control-replay', 201, { body: { id: '9' } }),
    answered('first', 201, { body: made, requestBody: '{"amount":1}' }),
  ];
  const other = (status: number, body: object = {}) =>
    answered('mismatch', status, { body, requestBody: '{"amount":2}' });
  const counts = (after: number) => [reading('trial', 1), reading('trial-end', 1), reading('after', after)];
  const rows: readonly Row[] = [
    ['is refused', [...start, other(422)], counts(1), { mismatch: [422] }],
    ['is refused otherwise', [...start, other(409)], counts(1), { mismatch: [409] }],
    ['is refused and executed', [...start, other(422)], counts(2), {}],
    ['gets the first answer', [...start, other(201, made)], counts(1), { mismatch: ['replays'] }],
    ['is executed', [...start, other(201, { id: '2' })], counts(2), { mismatch: ['executes'] }],
    ['crashed', [...start, other(500)], counts(1), {}],
    ['got no answer', [...start, lost('mismatch')], counts(1), {}],
    [
      'is executed, as every repeat is',
      [start[0], answered('control-replay', 201, { body: { id: '10' } }), start[2], other(201, { id: '2' })].filter(
        one => one !== undefined,
      ),
      [reading('trial', 1), reading('trial-end', 2), reading('after', 2)],
      {},
    ],
  ];
  it.each(rows)('%s', (_, exchanges, readings, expected) => {
    expect(traitsIn(keyMismatchRejected, creating(), evidence(exchanges, readings))).toEqual(expected);
  });

  it('may have been refused by a unique field', () => {
    const refused = evidence([...start, other(409)], counts(1));
    expect(traitsIn(keyMismatchRejected, creating({}, ['$.reference']), refused)).toEqual({});
  });

  it('is refused in a 200, by the code the contract names', () => {
    const refused = evidence([...start, other(200, { code: 'KEY_MISMATCH' })], counts(1));
    expect(traitsIn(keyMismatchRejected, creating({ mismatchCodes: ['KEY_MISMATCH'] }), refused)).toEqual({
      mismatch: [200],
    });
  });
});

describe('a repeat', () => {
  const made = { id: '1', status: 'new' };
  const first = answered('first', 201, { body: made });
  const replay = (status: number, body: object = made) => answered('replay', status, { body });
  const changed = [
    answered('state', 200, { body: made }),
    answered('change', 200),
    answered('state-after', 200, { body: { id: '1', status: 'shipped' } }),
  ];
  const third = (status: string) => answered('replay-after-change', 201, { body: { id: '1', status } });
  const key = { key: ['header Idempotency-Key'] };
  const rows: readonly Row[] = [
    ['is the first result', [first, replay(201)], [], { ...key, replayStatus: ['same'] }],
    ['has a status of its own', [first, replay(200)], [], { ...key, replayStatus: [200] }],
    [
      'gets the stored answer',
      [first, replay(201), ...changed, third('new')],
      [],
      { ...key, replayStatus: ['same'], replayMode: ['same'] },
    ],
    [
      'shows the present state',
      [first, replay(201), ...changed, third('shipped')],
      [],
      { ...key, replayStatus: ['same'], replayMode: ['current-state'] },
    ],
    [
      'is a conflict that names what was made',
      [first, replay(409, { links: { conflicting: '1' } })],
      [],
      { ...key, replayStatus: [409], replayMode: ['conflict-with-id'] },
    ],
    ['is refused, and nothing is named', [first, replay(409, { error: 'x' })], [], {}],
    ['names another id', [first, replay(201, { id: '2' })], [], {}],
    ['crashed', [first, replay(500)], [], {}],
  ];
  it.each(rows)('%s', (_, exchanges, readings, expected) => {
    expect(traitsIn(keyReplayResponse, creating(), evidence(exchanges, readings))).toEqual(expected);
  });

  it('of what is unique by itself says nothing of keys', () => {
    expect(traitsIn(keyReplayResponse, creating({}, ['$.reference']), evidence([first, replay(201)]))).toEqual({});
  });

  const marked = (step: string, mark: HeaderLine | null) =>
    answered(step, 201, { body: made, headers: mark === null ? [] : [mark] });
  const mark = (value: string): HeaderLine => ['Idempotent-Replayed', value];
  it.each([
    ['is marked', null, mark('true'), mark('true'), ['Idempotent-Replayed: true']],
    ['is marked with another value each time', null, mark('1'), mark('2'), ['Idempotent-Replayed']],
    ['is not marked', null, null, null, ['none']],
    ['has a header that first answers have too', mark('x'), mark('x'), mark('x'), ['none']],
  ])('%s', (_, before, once, twice, expected) => {
    const exchanges = [marked('first', before), marked('replay', once), marked('replay-gzip', twice)];
    expect(traitsIn(keyReplayHeaders, creating(), evidence(exchanges))).toEqual({ marker: expected });
  });

  it('that names another record has no mark to speak of', () => {
    const other = answered('replay', 201, { body: { id: '2' }, headers: [mark('true')] });
    expect(traitsIn(keyReplayHeaders, creating(), evidence([first, other]))).toEqual({});
  });
});

describe('the same JSON in other bytes', () => {
  const twice = (status: number) =>
    [0, 1].flatMap(round => [
      answered('first', 201, { round, body: { id: `${round}` } }),
      answered('rewritten', status, { round, body: status < 300 ? { id: `${round}` } : {} }),
    ]);
  const counts = (count: number) => [0, 1].map(round => reading('after', count, { round }));
  const rows: readonly Row[] = [
    ['is the same payload', twice(201), counts(1), { rewrittenJson: ['same'] }],
    ['is another payload', twice(422), counts(1), { rewrittenJson: [422] }],
    ['is executed again', twice(201), counts(2), { rewrittenJson: ['executes'] }],
    ['crashed', twice(500), counts(1), {}],
  ];
  it.each(rows)('%s', (_, exchanges, readings, expected) => {
    expect(traitsIn(keyReserializedBody, creating(), evidence(exchanges, readings))).toEqual(expected);
  });
});

describe('a request without a key', () => {
  const rows: readonly Row[] = [
    ['is accepted', [answered('without-key', 201)], [reading('after', 1)], { missing: ['accepted'] }],
    ['is accepted and has no effect', [answered('without-key', 201)], [reading('after', 0)], {}],
    [
      'is refused',
      [answered('without-key', 400), answered('with-key', 201)],
      [reading('after', 0)],
      { missing: [400] },
    ],
    [
      'is refused, with a key too',
      [answered('without-key', 400), answered('with-key', 400)],
      [reading('after', 0)],
      {},
    ],
    ['is refused and executed', [answered('without-key', 400), answered('with-key', 201)], [reading('after', 1)], {}],
    ['crashed', [answered('without-key', 500), answered('with-key', 201)], [reading('after', 0)], {}],
  ];
  it.each(rows)('%s', (_, exchanges, readings, expected) => {
    expect(traitsIn(keyMissing, creating(), evidence(exchanges, readings))).toEqual(expected);
  });
});

describe('the key of a request that failed', () => {
  const refused = (step: string, status = 422) => answered(step, status, { body: { error: 'amount' } });
  const ok = (step: string) => answered(step, 201, { body: { id: '1' } });
  const invalid: readonly Row[] = [
    [
      'is free after a refusal',
      [refused('first'), refused('repeat'), ok('corrected'), ok('corrected-again')],
      [reading('after', 1)],
      { refusals: ['freed'] },
    ],
    [
      'is kept for the payload',
      [refused('first'), refused('repeat'), answered('corrected', 409, { body: { error: 'other' } }), ok('control')],
      [],
      { refusals: ['kept'] },
    ],
    [
      'gives the refusal again',
      [refused('first', 400), refused('repeat', 400), refused('corrected', 400), ok('control')],
      [],
      { refusals: ['stored'] },
    ],
    ['is not known without a control', [refused('first'), refused('repeat'), refused('corrected')], [], {}],
  ];
  it.each(invalid)('%s', (_, exchanges, readings, expected) => {
    expect(traitsIn(keyErrorPolicy, creating(), evidence(exchanges, readings), 'invalid')).toEqual(expected);
  });
  const on = { ...creating(), hooks: new Set(['fault'] as const) };
  const fault: readonly Row[] = [
    ['is free after an error', [answered('first', 500), ok('repeat')], [reading('after', 1)], { errors: ['freed'] }],
    [
      'gives the error again',
      [answered('first', 500), answered('repeat', 500), ok('control')],
      [],
      { errors: ['stored'] },
    ],
    ['is not known without a control', [answered('first', 500), answered('repeat', 500)], [], {}],
  ];
  it.each(fault)('%s', (_, exchanges, readings, expected) => {
    expect(traitsIn(keyErrorPolicy, on, evidence(exchanges, readings), 'fault')).toEqual(expected);
  });
});
