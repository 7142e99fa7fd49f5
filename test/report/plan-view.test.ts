import { expect, it } from 'vitest';
import { planJson, renderPlan, type PlanView } from '../../src/report/plan-view.js';

const view: PlanView = {
  resources: [
    { name: 'order', parents: [], oracle: 'filter' },
    { name: 'note', parents: ['order'], oracle: 'none' },
  ],
  operations: [
    {
      operation: 'POST /orders',
      resource: 'order',
      role: 'create',
      key: { in: 'header', name: 'Idempotency-Key', required: true },
      requests: 140,
      first: {
        method: 'POST',
        url: 'http://127.0.0.1:4010/orders',
        headers: [['Content-Type', 'application/json']],
        body: '{"amount":1}',
      },
      checks: [
        { check: 'key-replay-no-duplicate', applies: true, reason: null, requests: 3 },
        { check: 'delete-repeat', applies: false, reason: 'not a DELETE', requests: 0 },
        { check: 'delete-repeat:never-existed', applies: false, reason: 'not a DELETE', requests: 0 },
        { check: 'etag-stable', applies: false, reason: 'not a read', requests: 0 },
      ],
    },
    {
      operation: 'GET /orders/{id}/notes',
      resource: 'note',
      role: 'list',
      key: null,
      requests: 0,
      first: null,
      checks: [],
    },
  ],
  requests: 140,
  guesses: [],
  gaps: [],
  missing: [],
};

it('tells people what runs, why the rest does not, and how the first request looks', () => {
  expect(renderPlan(view, { width: 80 })).toMatchInlineSnapshot(`
    "order · effects are counted in its list, by marker

      POST /orders  create, key Idempotency-Key in header, required, about 140 requests
        runs   key-replay-no-duplicate
        not    not a DELETE: delete-repeat, delete-repeat:never-existed
               not a read: etag-stable
        first  curl -sS -i http://127.0.0.1:4010/orders \\
                 -H 'Content-Type: application/json' \\
                 --data-raw '{"amount":1}'

    note, within order · nothing counts effects

      GET /orders/{id}/notes  list, no key
        runs   nothing

    1 check on 2 operations, about 140 requests; nothing was sent
    "
  `);
});

it('gives scripts the shape that is promised', () => {
  const json: unknown = JSON.parse(planJson(view));
  expect(json).toEqual({
    resources: view.resources,
    operations: view.operations.map(({ first: _first, ...operation }) => operation),
    requests: 140,
    guesses: [],
    gaps: [],
    missing: [],
  });
});

it('lets nothing a document says drive the terminal', () => {
  const [operation] = view.operations;
  const nasty = operation && {
    ...operation,
    operation: 'POST /\u001b[2J',
    checks: [{ check: 'x', applies: false, reason: '\u001b[2J', requests: 0 }],
  };
  // oxlint-disable-next-line no-control-regex -- that is what must not be there
  expect(renderPlan({ ...view, operations: nasty === undefined ? [] : [nasty] })).not.toMatch(/\u001b/);
});
