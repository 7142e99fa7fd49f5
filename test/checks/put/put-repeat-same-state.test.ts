import { describe, expect, it } from 'vitest';
import { putRepeatSameState as check } from '../../../src/checks/put/put-repeat-same-state.js';
import { isSkip } from '../../../src/core/check.js';
import type { Exchange } from '../../../src/core/http.js';
import type { Reading } from '../../../src/core/reading.js';
import { createDepot, type DepotOptions } from '../../support/depot.js';
import { drive } from '../../support/drive.js';
import { evidence, reading } from '../../support/evidence.js';
import { createCanned } from '../../support/exchange.js';
import { outcome } from '../../support/outcome.js';
import { keyed, keyless, member, operation, resource, scenarioOf, subject } from '../../support/subject.js';

const { answered, lost } = createCanned();
const body = { amount: 5, name: 'n', tags: ['a'] };
const first = answered('first', 200, { method: 'PUT', requestBody: JSON.stringify(body) });
const repeat = answered('repeat', 200);
const state = { id: '1', ...body, version: 1, clerk: 'Ada', seenAt: 't1' };
const counted = [reading('records', 1), reading('records-after', 1)];

/** The whole trace: the state before, in the control read, and after the repeat. */
const trace = (
  after: object,
  { control = state, put = repeat }: { control?: object; put?: Exchange | readonly Exchange[] } = {},
) => [
  first,
  answered('state', 200, { body: state }),
  answered('control', 200, { body: control }),
  ...[put].flat(),
  answered('state-after', 200, { body: after }),
];
const text = (before: string, control: string, after: string) => [
  answered('first', 200, { requestBody: before }),
  answered('state', 200, { body: before }),
  answered('control', 200, { body: control }),
  repeat,
  answered('state-after', 200, { body: after }),
];

const paid = (once: number | null, twice: number | null) => [
  ...counted,
  reading('elsewhere once', once, { kind: 'view' }),
  reading('elsewhere after', twice, { kind: 'view', moved: ['GET /wallets/{id} $.points +200'] }),
];

/** A number that the repeat moves. */
const numbered = (name: string, before: number, after: number) => [
  first,
  ...['state', 'control'].map(step => answered(step, 200, { body: { ...state, [name]: before } })),
  repeat,
  answered('state-after', 200, { body: { ...state, [name]: after } }),
];

/** What a twin shows after each of its two PUTs. */
const twin = (name: string, before: number, after: number) =>
  [before, after].map((value, round) => answered('twin state', 200, { round, body: { ...state, [name]: value } }));

const table: readonly (readonly [name: string, Exchange[], Reading[], expected: string])[] = [
  ['the same state', trace(state), counted, 'pass'],
  [
    'a 503 in the place of the version that the repeat wants',
    trace(state, { put: [answered('repeat', 428), answered('repeat version', 503)] }),
    counted,
    'inconclusive unavailable',
  ],
  ['a version moved', trace({ ...state, version: 2 }), counted, 'pass +version-moved'],
  ['a number the client wrote', trace({ ...state, amount: 10 }), counted, 'fail state-drifted'],
  ['a text the client wrote', trace({ ...state, name: 'nn' }), counted, 'fail state-drifted'],
  ['a longer list', trace({ ...state, tags: ['a', 'a'] }), counted, 'fail state-drifted'],
  ['a number of the server', trace({ ...state, hits: 2 }), counted, 'fail state-drifted'],
  ['a text of the server', trace({ ...state, clerk: 'Grace' }), counted, 'warn side-state-changed'],
  ['a time', trace({ ...state, seenAt: 't2' }), counted, 'warn side-state-changed'],
  [
    'a drift behind a lost answer',
    trace({ ...state, amount: 9 }, { put: lost('repeat') }),
    counted,
    'fail state-drifted',
  ],
  [
    'what changes by itself',
    trace({ ...state, seenAt: 't3' }, { control: { ...state, seenAt: 't2' } }),
    counted,
    'pass',
  ],
  [
    'the written field, by itself',
    trace({ ...state, amount: 7 }, { control: { ...state, amount: 6 } }),
    counted,
    'inconclusive unsteady',
  ],
  ['a late arrival', trace(state, { control: { ...state, amount: 4 } }), counted, 'inconclusive unsteady'],
  [
    'a number that moves as on the twin',
    [...numbered('puts', 1, 2), ...twin('puts', 1, 2)],
    counted,
    'fail state-drifted',
  ],
  [
    'a number that moves further on the twin, as all writes do',
    [...numbered('index', 11, 12), ...twin('index', 13, 17)],
    counted,
    'pass +version-moved',
  ],
  ['the same text', text('a', 'a', 'a'), counted, 'pass'],
  ['another text', text('a', 'a', 'aa'), counted, 'warn side-state-changed'],
  ['a restless text', text('a', 'b', 'c'), counted, 'inconclusive unsteady'],
  ['one more record', trace(state), [reading('records', 1), reading('records-after', 2)], 'fail record-added'],
  [
    'one more id',
    trace(state),
    [reading('records', 1, { kind: 'identity' }), reading('records-after', 2, { kind: 'identity' })],
    'fail record-added',
  ],
  [
    'one id where none was',
    trace(state),
    [reading('records', 0, { kind: 'identity' }), reading('records-after', 1, { kind: 'identity' })],
    'pass',
  ],
  ['no count', trace(state), [], 'pass +records-uncounted'],
  ['a failed count', trace(state), [reading('records', null), reading('records-after', 1)], 'pass +records-uncounted'],
  ['a refused repeat', trace(state, { put: answered('repeat', 422) }), counted, 'fail repeat-refused'],
  ['a crash', trace(state, { put: answered('repeat', 500) }), counted, 'fail crashed?'],
  ['a 503', trace(state, { put: answered('repeat', 503) }), counted, 'inconclusive unavailable'],
  ['a redirect', trace(state, { put: answered('repeat', 301) }), counted, 'inconclusive control-failed'],
  ['a lost repeat', trace(state, { put: lost('repeat') }), counted, 'inconclusive lost-answers'],
  ['a 201 for the repeat alone', trace(state, { put: answered('repeat', 201) }), counted, 'pass'],
  ['a first that is refused', [answered('first', 400)], [], 'inconclusive first-refused'],
  ['a first that is lost', [lost('first')], [], 'inconclusive lost-answers'],
  ['nothing sent', [], [], 'inconclusive lost-answers'],
  ['no read after', trace(state).slice(0, 4), counted, 'inconclusive lost-answers'],
  [
    'a read that is refused',
    [...trace(state).slice(0, 4), answered('state-after', 404)],
    counted,
    'inconclusive control-failed',
  ],
  ['a parent that moved once', trace(state), paid(1, 1), 'pass'],
  ['a parent that moved once more', trace(state), paid(1, 2), 'fail effect-repeated?'],
  ['a parent that others move, too', trace(state), paid(2, 3), 'pass'],
  ['a parent that moved in another way', trace(state), paid(1, null), 'pass'],
  ['a version wanted first', [answered('first', 428), ...trace(state)], counted, 'pass'],
];

const within = (overrides: Parameters<typeof resource>[0] = {}) => resource(overrides);
const judge = (exchanges: readonly Exchange[], readings: readonly Reading[]) =>
  outcome(scenarioOf(check, subject(within().replace)).judge(evidence(exchanges, readings)));

describe('put-repeat-same-state', () => {
  it.each(table)('%s', (_, exchanges, readings, expected) => {
    expect(judge(exchanges, readings)).toBe(expected);
  });

  it('warns of two 201', () => {
    const [, ...others] = trace(state, { put: answered('repeat', 201) });
    expect(judge([answered('first', 201), ...others], counted)).toBe('warn created-twice');
  });

  it('does not count by an oracle that never counted to two', () => {
    const seen = evidence(trace(state), counted, { preflight: { countsToTwo: false } });
    expect(outcome(scenarioOf(check, subject(within().replace)).judge(seen))).toBe('pass +records-uncounted');
  });

  it('leaves out what the user calls volatile', () => {
    const restless = within({ volatile: [member('amount')] });
    const verdict = scenarioOf(check, subject(restless.replace, restless)).judge(
      evidence(trace({ ...state, amount: 6 }), counted),
    );
    expect(outcome(verdict)).toBe('pass');
  });

  const adding: DepotOptions['bend'] = (request, usual, orders) => {
    const [order] = orders.values();
    if (request.method === 'PUT' && order !== undefined)
      orders.set(`x${orders.size}`, { ...order, id: `x${orders.size}` });
    return usual();
  };
  let puts = 0;
  const once: DepotOptions['bend'] = request => (request.method === 'PUT' && ++puts > 1 ? { status: 409 } : null);

  it.each([
    ['that is correct', {}, 'pass'],
    ['without versions', { tag: 'none' }, 'pass'],
    ['that wants a version', { missing: 428 }, 'pass'],
    ['that wants one with 400', { missing: 400 }, 'pass'],
    ['that adds a record', { bend: adding }, 'fail record-added'],
    ['that refuses the second', { bend: once }, 'fail repeat-refused'],
  ] as const)('on a server %s', (_, options, expected) => {
    puts = 0;
    const on = subject(within().replace);
    expect(outcome(drive(scenarioOf(check, on), createDepot(options)).verdict)).toBe(expected);
  });

  it('sees a list of the server grow', () => {
    const lines: number[] = [];
    const server = createDepot({
      bend: (request, usual) => {
        const reply = usual();
        if (request.method === 'PUT') lines.push(1);
        return typeof reply.body === 'object' && 'id' in reply.body
          ? { ...reply, body: { ...reply.body, lines } }
          : reply;
      },
    });
    expect(outcome(drive(scenarioOf(check, subject(within().replace)), server).verdict)).toBe('fail state-drifted');
  });

  it('sends the same bytes twice, each with a key of its own', () => {
    const replace = operation('PUT', '/orders/{id}', 'replace', { contract: keyed });
    const { exchanges } = drive(scenarioOf(check, subject(replace)), createDepot());
    const [one, two] = ['first', 'repeat'].map(step => exchanges.find(exchange => exchange.step === step)?.request);
    expect(two?.body).toBe(one?.body);
    expect(two?.url).toBe(one?.url);
    expect(two?.headers).not.toEqual(one?.headers);
  });

  it('sends the current version each time where the contract demands one', () => {
    const contract = { ...keyless, etag: { ...keyless.etag, missing: [428] } };
    const replace = operation('PUT', '/orders/{id}', 'replace', { contract });
    const { exchanges, verdict } = drive(scenarioOf(check, subject(replace)), createDepot({ missing: 428 }));
    const tags = exchanges.flatMap(({ request }) => request.headers.filter(([name]) => name === 'If-Match'));
    expect(tags.map(([, value]) => value)).toEqual(['"v1"', '"v2"']);
    expect(outcome(verdict)).toBe('pass');
  });

  it('makes what it replaces by PUT where the client chooses the id', () => {
    const { id } = resource();
    const own = resource({ create: null, list: null, id: { ...id, chosenBy: 'client', from: scope => scope.uuid } });
    const server = createDepot({
      bend: (request, usual, orders) => {
        const at = request.path.split('/').at(-1) ?? '';
        if (request.method === 'PUT') orders.set(at, { id: at, fields: JSON.parse(request.body ?? '{}'), version: 1 });
        return usual();
      },
    });
    const { verdict, exchanges } = drive(scenarioOf(check, subject(own.replace, own)), server);
    expect(outcome(verdict)).toBe('pass +records-uncounted');
    expect(exchanges[0]?.request.method).toBe('PUT');
  });

  it.each([
    ['a PATCH', resource().update, resource()],
    ['a POST', resource().create, resource()],
    ['without a read', resource().replace, resource({ read: null })],
    ['without a create', resource().replace, resource({ create: null })],
    ['a create by PUT beside a replace', operation('PUT', '/orders/{id}', 'create'), resource()],
  ])('does not apply to %s', (_, of, on) => {
    expect(isSkip(check.plan(subject(of, on), null))).toBe(true);
  });
});
