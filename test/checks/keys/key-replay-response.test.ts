import { describe, expect, it } from 'vitest';
import { keyReplayResponse as check } from '../../../src/checks/keys/key-replay-response.js';
import type { Contract } from '../../../src/core/contract.js';
import type { Exchange } from '../../../src/core/http.js';
import { drive } from '../../support/drive.js';
import { evidence } from '../../support/evidence.js';
import { createCanned } from '../../support/exchange.js';
import { outcome } from '../../support/outcome.js';
import { createShop } from '../../support/shop.js';
import { keyed, operation, resource, scenarioOf, subject } from '../../support/subject.js';

const { answered, lost } = createCanned();
const order = { id: '1', amount: 1, createdAt: 'a' };
const first = answered('first', 201, { body: order });
const replay = (status: number, body: string | object = '', headers: Exchange['request']['headers'] = []) =>
  answered('replay', status, { body, headers: [['content-type', 'application/json'], ...headers] });

type Row = readonly [name: string, exchanges: Exchange[], expected: string, contract?: Partial<Contract>];

const table: readonly Row[] = [
  ['the same answer', [first, replay(201, order)], 'pass'],
  ['other volatile fields', [first, replay(201, { ...order, createdAt: 'b' })], 'pass +volatile-differs'],
  ['another id', [first, replay(201, { ...order, id: '2' })], 'fail different-id'],
  ['an empty body', [first, replay(201)], 'fail different-answer'],
  ['a body without the id', [first, replay(200, { message: 'duplicate' })], 'fail different-answer'],
  ['the same body but for the id', [first, replay(201, { amount: 1, createdAt: 'a' })], 'fail different-answer'],
  ['the id in a body nobody promised', [first, replay(201, { id: '1', note: 'seen' })], 'warn different-answer'],
  ['the same, 200', [first, replay(200, order)], 'warn status-changed'],
  ['the same, 200 declared', [first, replay(200, order)], 'pass', { replayStatuses: [200] }],
  ['the same, formatted anew', [first, replay(201, JSON.stringify(order, null, 1))], 'warn reformatted'],
  ['409', [first, replay(409)], 'warn conflict-answer'],
  ['422', [first, replay(422)], 'warn conflict-answer'],
  ['409 declared by status', [first, replay(409)], 'pass', { replayStatuses: [409] }],
  ['404', [first, replay(404)], 'fail refused'],
  ['401', [first, replay(401)], 'fail refused?'],
  ['500', [first, replay(500)], 'fail crashed?'],
  ['503', [first, replay(503)], 'inconclusive unavailable'],
  ['429', [first, replay(429)], 'inconclusive rate-limited'],
  ['lost', [first, lost('replay')], 'inconclusive lost-answers'],
  ['not sent', [first], 'inconclusive lost-answers'],
  ['nothing sent', [], 'inconclusive lost-answers'],
  ['303 to the first', [first, replay(303, '', [['location', '/orders/1']])], 'warn status-changed'],
  ['302 elsewhere', [first, replay(302, '', [['location', '/login']])], 'warn different-answer'],
  [
    'same: another body',
    [first, replay(201, { ...order, amount: 3 })],
    'fail different-answer',
    { replayMode: 'same' },
  ],
  ['same: 409', [first, replay(409)], 'fail refused', { replayMode: 'same' }],
  [
    'current-state: another body',
    [first, replay(200, { ...order, amount: 3 })],
    'pass +current-state',
    { replayMode: 'current-state' },
  ],
  [
    'current-state: another id',
    [first, replay(200, { ...order, id: '2' })],
    'fail different-id',
    { replayMode: 'current-state' },
  ],
  ['conflict: 409', [first, replay(409)], 'pass', { replayMode: 'conflict' }],
  ['conflict: 403', [first, replay(403)], 'fail refused', { replayMode: 'conflict' }],
  ['conflict: the first answer', [first, replay(201, order)], 'pass +status-outside', { replayMode: 'conflict' }],
  [
    'with id: in the body',
    [first, replay(409, { error: { resource: 1 } })],
    'pass',
    { replayMode: 'conflict-with-id' },
  ],
  [
    'with id: in a link',
    [first, replay(409, '', [['location', 'http://a/orders/1']])],
    'pass',
    { replayMode: 'conflict-with-id' },
  ],
  [
    'with id: another one',
    [first, replay(409, { error: { resource: 11 } })],
    'fail refused',
    { replayMode: 'conflict-with-id' },
  ],
  ['empty answers, no place', [answered('first', 204), replay(204)], 'inconclusive response-consistent'],
  ['text without an id', [answered('first', 200, { body: 'ok' }), replay(200, 'ok')], 'pass'],
  [
    'other text without an id',
    [answered('first', 200, { body: 'a 1' }), replay(200, 'a 2')],
    'inconclusive response-consistent',
  ],
  [
    'no id, and only what varies anyway differs',
    [answered('first', 201, { body: { createdAt: 'a' } }), replay(201, { createdAt: 'b' })],
    'inconclusive response-consistent',
  ],
  [
    'no body, the same place',
    [answered('first', 201, { headers: [['location', '/o/1']] }), replay(201, '', [['location', '/o/1']])],
    'pass',
  ],
  [
    'no body, another place',
    [answered('first', 201, { headers: [['location', '/o/1']] }), replay(201, '', [['location', '/o/2']])],
    'fail different-id',
  ],
  [
    'another job',
    [answered('first', 202, { body: { id: 'a' } }), replay(202, { id: 'b' })],
    'inconclusive still-pending',
  ],
  ['told to wait once', [first, replay(409), answered('retry', 201, { body: order })], 'pass +was-in-flight'],
  ['told to wait for ever', [first, replay(423), answered('retry', 423)], 'fail refused'],
  [
    'the present state',
    [first, answered('state', 200, { body: { ...order, status: 'paid' } }), replay(200, { ...order, status: 'paid' })],
    'pass +current-state',
  ],
  [
    'stored after a change',
    [
      first,
      answered('state', 200, { body: order }),
      replay(201, order),
      answered('state-after', 200, { body: { ...order, amount: 2 } }),
      answered('replay-after-change', 201, { body: order }),
    ],
    'pass +stored-answer',
  ],
  [
    'the same after a change that shows nowhere',
    [
      first,
      answered('state', 200, { body: order }),
      replay(201, order),
      answered('state-after', 200, { body: order }),
      answered('replay-after-change', 201, { body: order }),
    ],
    'pass',
  ],
  [
    'rendered after a change',
    [first, replay(201, order), answered('replay-after-change', 201, { body: { ...order, amount: 2 } })],
    'pass +current-state',
  ],
  [
    'rendered after a change, same promised',
    [first, replay(201, order), answered('replay-after-change', 201, { body: { ...order, amount: 2 } })],
    'fail different-answer',
    { replayMode: 'same' },
  ],
  [
    'another id after a change',
    [first, replay(201, order), answered('replay-after-change', 201, { body: { ...order, id: '9' } })],
    'fail different-id',
  ],
  ['nothing after a change', [first, replay(201, order), lost('replay-after-change')], 'pass'],
];

const judge = (exchanges: readonly Exchange[], contract: Partial<Contract> = {}) =>
  outcome(
    scenarioOf(check, subject(operation('POST', '/orders', 'create', { contract: { ...keyed, ...contract } }))).judge(
      evidence(exchanges),
    ),
  );

describe('key-replay-response', () => {
  it.each(table.map(row => ({ name: row[0], row })))('$name', ({ row: [, exchanges, expected, contract] }) => {
    expect(judge(exchanges, contract)).toBe(expected);
  });

  it('does not compare what the user calls volatile', () => {
    const volatile = [{ text: '$..stamp', all: () => [], in: () => [], place: () => undefined }];
    const exchanges = [
      answered('first', 201, { body: { id: '1', a: { stamp: 1 } } }),
      replay(201, { id: '1', a: { stamp: 2 } }),
    ];
    const scenario = scenarioOf(check, subject(resource().create, resource({ volatile })));
    expect(outcome(scenario.judge(evidence(exchanges)))).toBe('pass +volatile-differs');
  });

  it('only warns of another id in the answer of an action', () => {
    const exchanges = [first, replay(201, { ...order, id: '2' })];
    const scenario = scenarioOf(check, subject(operation('POST', '/orders/{id}/pay', 'action:pay')));
    expect(outcome(scenario.judge(evidence(exchanges)))).toBe('warn different-id');
  });

  it.each([
    ['stored answers', {}, 'pass +stored-answer'],
    [
      'rendered answers',
      { replay: (_: unknown, now: object | undefined) => ({ status: 201, body: { ...now } }) },
      'pass +current-state',
    ],
    ['ignored keys', { honoursKeys: false }, 'fail different-id'],
  ] as const)('on a server with %s', (_, options, expected) => {
    const update = operation('PATCH', '/orders/{id}', 'update', {
      build: scope => ({
        method: 'PATCH',
        path: `/orders/${String(scope.values['id'])}`,
        headers: [],
        body: '{"amount":7}',
      }),
    });
    const { verdict } = drive(scenarioOf(check, subject(resource().create, resource({ update }))), createShop(options));
    expect(outcome(verdict)).toBe(expected);
  });
});
