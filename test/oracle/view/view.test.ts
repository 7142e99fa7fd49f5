import { describe, expect, test } from 'vitest';
import type { Exchange } from '../../../src/core/http.js';
import type { Reading } from '../../../src/core/reading.js';
import type { Counted } from '../../../src/core/step.js';
import { besides } from '../../../src/oracle/besides.js';
import type { Count, Oracle } from '../../../src/oracle/oracle.js';
import type { Lesson, Watched } from '../../../src/oracle/view/lesson.js';
import { viewOracle } from '../../../src/oracle/view/view.js';
import { askOracle } from '../../support/ask-oracle.js';
import { reading } from '../../support/evidence.js';
import { createCanned } from '../../support/exchange.js';
import { operation, resource } from '../../support/subject.js';

const { answered } = createCanned();
const cancel = operation('POST', '/orders/{id}/cancel', 'action:cancel', {
  build: () => ({ method: 'POST', path: '/orders/7/cancel', headers: [], body: '{"account_id":"3"}' }),
});
const account = resource({ name: 'account', read: operation('GET', '/accounts/{id}', 'read'), list: null });
const order = resource({ list: null, actions: [{ name: 'cancel', operation: cancel, effect: null }] });
const resources = [order, account];
const scope = { marker: 'mk', uuid: 'u', int: 1, now: 'n', values: { id: '7' } };
const points: Watched = {
  read: 'GET /accounts/{id} by account_id',
  path: '$.points',
  kind: 'number',
  step: '5',
  again: 'proven',
  keepsBook: false,
};
const lesson: Lesson = { own: 'GET /orders/{id}', looked: ['GET /orders/{id}'], limits: null, watched: [points] };

const counted = (overrides: Partial<Counted> = {}): Counted => ({
  round: 0,
  resource: order,
  operation: cancel,
  scope,
  seen: [],
  since: null,
  ...overrides,
});
const shown = (body: object, status = 200): Exchange => answered('read', status, { method: 'GET', body });
const seen = [answered('first', 200)];

/** Asks a view that shows so many points; hands back the count and the paths that were read. */
function ask(of: Lesson | null, at: Counted, total: number, status = 200) {
  const { count, asked } = askOracle(viewOracle(resources, of), at, ({ outgoing }) =>
    outgoing.request.path.startsWith('/accounts')
      ? shown({ points: total }, status)
      : shown({ id: '7', state: 'open' }),
  );
  const paths = asked.flatMap(step => (step.kind === 'request' ? [step.outgoing.request.path] : []));
  return { count, paths };
}
const sinceOf = (count: Count): Reading => reading('before', count.count, { ...count, kind: 'view' });

describe('a view', () => {
  test('without a lesson reads what is around, and what the request names, and counts nothing', () => {
    const { count, paths } = ask(null, counted(), 40);
    expect(paths).toEqual(['/orders/7', '/accounts/3']);
    expect(count).toMatchObject({ kind: 'view', count: null, trouble: null });
    expect(count.world?.map(({ name }) => name)).toEqual(['GET /orders/{id}', 'GET /accounts/{id} by account_id']);
  });

  test('with one counts what moved since an earlier reading, of which it keeps what is watched', () => {
    const first = ask(lesson, counted(), 40);
    expect(first.count).toMatchObject({ count: 0, trouble: null });
    expect(first.count.world).toEqual([{ name: points.read, at: { id: '3' }, members: { '$.points': '40' } }]);
    const since = sinceOf(first.count);
    const second = ask(lesson, counted({ seen, since }), 50);
    expect(second.paths).toEqual(['/accounts/3']);
    expect(second.count).toMatchObject({ count: 2, moved: ['GET /accounts/{id} by account_id $.points +10'] });
  });

  test('says why it cannot: a read failed, now or then; no reading to count from', () => {
    const since = sinceOf(ask(lesson, counted(), 40).count);
    expect(ask(lesson, counted({ seen, since }), 45, 503).count).toMatchObject({
      count: null,
      trouble: 'GET /accounts/{id} was answered with 503',
    });
    const broken = sinceOf(ask(lesson, counted(), 40, 503).count);
    expect(broken).toMatchObject({ count: null });
    expect(ask(lesson, counted({ seen, since: broken }), 45).count).toMatchObject({ count: null });
    expect(ask(lesson, counted({ seen }), 45).count).toMatchObject({ count: null });
  });

  test('that never saw anything move reads nothing more, and tells where it looked and what to do', () => {
    const { count, paths } = ask({ ...lesson, watched: [] }, counted({ seen }), 45);
    expect(paths).toEqual([]);
    expect(count.trouble).toContain('nothing moved in GET /orders/{id}: give the action an "effect"');
  });

  test('looks at twenty reads at most, and says that there are more', () => {
    const many = Array.from({ length: 30 }, (_, at) => {
      const list = { operation: operation('GET', `/l${at}`, 'list'), items: null, filtered: false };
      return resource({ name: `r${at}`, list, read: null });
    });
    const { count, asked } = askOracle(viewOracle([order, ...many], null), counted(), () => shown({}));
    expect(asked).toHaveLength(20);
    expect(count.trouble).toContain('only 20 were looked at');
  });
});

describe('a view beside a count of records', () => {
  const fixed = (count: Partial<Count>): Oracle => ({
    kind: 'list',
    // oxlint-disable-next-line require-yield -- it asks nothing
    *read() {
      return { kind: 'list', count: 1, ids: ['a'], value: null, trouble: null, ...count };
    },
  });

  test.each<[string, Partial<Count>, Partial<Count>, Partial<Count>]>([
    ['more effects beside are the count', {}, { kind: 'view', count: 2, moved: ['x'] }, { kind: 'view', count: 2 }],
    ['one effect beside is the record’s', {}, { kind: 'view', count: 1 }, { kind: 'list', count: 1 }],
    ['no effect beside changes nothing', {}, { kind: 'view', count: 0 }, { kind: 'list', count: 1 }],
    [
      'what cannot be counted changes nothing',
      {},
      { kind: 'view', count: null, trouble: 'x' },
      { kind: 'list', count: 1 },
    ],
    ['more records are the count', { count: 3 }, { kind: 'view', count: 2 }, { kind: 'list', count: 3 }],
    ['two beside stand without a count', { count: null }, { kind: 'view', count: 2 }, { kind: 'view', count: 2 }],
  ])('%s', (_, main, beside, expected) => {
    const { count } = askOracle(besides(fixed(main), fixed(beside)), counted({ seen }), () => shown({}));
    expect(count).toMatchObject({ ids: ['a'], ...expected });
  });
});
