import { describe, expect, it } from 'vitest';
import { docErrorsDeclared as check } from '../../../src/checks/docs/doc-errors-declared.js';
import { NOTHING_OBSERVED } from '../../../src/core/document-check.js';
import type { Operation, Page, Role } from '../../../src/core/operation.js';
import { createCanned } from '../../support/exchange.js';
import { outcome } from '../../support/outcome.js';
import { answering, documented, observed, page } from '../../support/page.js';
import { operation, scenarioOf, subject } from '../../support/subject.js';

const on = (of: Page, method: Operation['method'] = 'POST', role: Role = 'create') =>
  subject(operation(method, '/orders', role, documented(of)));
const AT = page().responsesAt;
const ifMatch = (required: boolean) => ({ key: null, ifMatch: { required, location: AT } });

describe('what is written', () => {
  const said = (of: Page, method?: Operation['method'], role?: Role) => {
    const verdict = scenarioOf(check, on(of, method, role)).review?.(NOTHING_OBSERVED);
    return verdict === undefined ? 'no review' : outcome(verdict);
  };
  const optional = { in: 'header', name: 'K', required: false, hasForm: true, location: AT } as const;
  it.each<[string, Page, Operation['method'], Role, string]>([
    ['all of it', page(), 'POST', 'create', 'pass'],
    ['nothing but success', page(answering('201')), 'POST', 'create', 'warn key-errors-undeclared'],
    ['a range', page(answering('201', '4XX')), 'POST', 'create', 'pass'],
    ['default', page(answering('201', 'default')), 'POST', 'create', 'pass'],
    ['no answer to a missing key', page(answering('201', '409')), 'POST', 'create', 'warn key-errors-undeclared'],
    ['an optional key', page({ key: optional, ...answering('201', '409') }), 'POST', 'create', 'pass'],
    ['other usual statuses', page({ key: optional, ...answering('201', '425', '400') }), 'POST', 'create', 'pass'],
    [
      'If-Match without 412',
      page({ ...ifMatch(false), ...answering('200') }),
      'PATCH',
      'update',
      'warn version-errors-undeclared',
    ],
    ['If-Match with 409', page({ ...ifMatch(false), ...answering('200', '409') }), 'PATCH', 'update', 'pass'],
    [
      'a required If-Match without 428',
      page({ ...ifMatch(true), ...answering('200', '412') }),
      'PATCH',
      'update',
      'warn version-errors-undeclared',
    ],
    [
      'a required If-Match with 400',
      page({ ...ifMatch(true), ...answering('200', '412', '400') }),
      'PATCH',
      'update',
      'pass',
    ],
    ['a DELETE with 404', page({ key: null, ...answering('204', '404') }), 'DELETE', 'delete', 'pass'],
    ['a DELETE with 410', page({ key: null, ...answering('204', '410') }), 'DELETE', 'delete', 'pass'],
    ['a DELETE with nothing', page({ key: null, ...answering('204') }), 'DELETE', 'delete', 'warn repeat-undeclared'],
    [
      'a DELETE that says in words that it may be repeated',
      page({ key: null, summary: 'Idempotent', ...answering('204') }),
      'DELETE',
      'delete',
      'pass',
    ],
  ])('%s', (_, of, method, role, expected) => {
    expect(said(of, method, role)).toBe(expected);
  });

  it('names what is lacking, for the overlay too', () => {
    const verdict = scenarioOf(check, on(page(answering('201', '422')))).review?.(NOTHING_OBSERVED);
    expect(verdict !== undefined && 'findings' in verdict && verdict.findings[0]?.args).toEqual({
      lacking: 'a request still in flight (409)',
      statuses: '409',
    });
  });

  it('has nothing to say of a plain read', () => {
    expect(check.plan(on(page({ key: null }), 'GET', 'read'), null)).toEqual({
      skip: 'takes neither a key nor If-Match, and is no DELETE',
    });
  });
});

describe('what a run saw', () => {
  const { answered, lost } = createCanned();
  const said = (of: Page, statuses: readonly number[], played: Parameters<typeof observed>[0] = []) => {
    const exchanges = [lost('x'), ...statuses.map(status => answered('step', status))];
    const verdict = scenarioOf(check, on(of), 'observed').review?.(observed(played, exchanges));
    return verdict === undefined ? 'no review' : outcome(verdict);
  };
  const race = { check: 'key-concurrent-single-effect' };
  it.each<[string, Page, readonly number[], Parameters<typeof observed>[0], string]>([
    ['declared statuses', page(), [201, 409, 201], [], 'pass'],
    ['a status nobody declared', page(), [201, 418], [], 'warn status-undeclared'],
    ['two of them', page(answering('201')), [201, 418, 423], [], 'warn status-undeclared status-undeclared'],
    ['answers from in front of the API', page(answering('201')), [201, 401, 429, 503, 301], [], 'pass'],
    ['no answer', page(), [], [], 'inconclusive not-observed'],
    ['nothing but a failure', page(), [500], [], 'inconclusive not-observed'],
    [
      'a promise that was provoked and never came',
      page(answering('201', '409')),
      [201],
      [race],
      'pass +promised-unseen',
    ],
    ['one that came', page(answering('201', '409')), [201, 409], [race], 'pass'],
    ['one that nothing provoked', page(answering('201', '409')), [201], [], 'pass'],
    [
      'one whose check stayed open',
      page(answering('201', '409')),
      [201],
      [{ ...race, verdict: 'inconclusive' }],
      'pass',
    ],
  ])('%s', (_, of, statuses, played, expected) => {
    expect(said(of, statuses, played)).toBe(expected);
  });

  it('does not hold an answer to HEAD against the GET', () => {
    const head = answered('head', 405, { method: 'HEAD' });
    const verdict = scenarioOf(check, on(page(), 'GET', 'read'), 'observed').review?.(observed([], [head]));
    expect(verdict !== undefined && outcome(verdict)).toBe('inconclusive not-observed');
  });
});
