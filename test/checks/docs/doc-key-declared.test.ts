import { describe, expect, it } from 'vitest';
import { docKeyDeclared as check } from '../../../src/checks/docs/doc-key-declared.js';
import type { Observed } from '../../../src/core/check.js';
import { NOTHING_OBSERVED } from '../../../src/core/document-check.js';
import type { Operation, Page, Role } from '../../../src/core/operation.js';
import { fail, note, warn } from '../../../src/core/verdict.js';
import { createCanned } from '../../support/exchange.js';
import { outcome } from '../../support/outcome.js';
import { documented, observed, page } from '../../support/page.js';
import { operation, scenarioOf, subject } from '../../support/subject.js';

const on = (of: Page, method: Operation['method'] = 'POST', path = '/orders', role: Role = 'create') =>
  subject(operation(method, path, role, documented(of)));
const said = (of: Page, seen: Observed = NOTHING_OBSERVED) => {
  const verdict = scenarioOf(check, on(of)).review?.(seen);
  return verdict === undefined ? 'no review' : outcome(verdict);
};
const bare = { in: 'header', name: 'X-Once', required: null, hasForm: false, location: page().responsesAt } as const;

describe('what is written', () => {
  it.each<[string, Page, string]>([
    ['a key with all that belongs to it', page(), 'pass'],
    ['no key', page({ key: null }), 'warn key-undeclared'],
    ['a key that says little', page({ key: bare }), 'pass +requirement-unsaid +form-unsaid +unusual-name'],
    [
      'a key in the body, whatever it is called',
      page({ key: { ...bare, in: 'body' } }),
      'pass +requirement-unsaid +form-unsaid',
    ],
  ])('%s: %s', (_, of, expected) => {
    expect(said(of)).toBe(expected);
  });

  it('says where', () => {
    const verdict = scenarioOf(check, on(page({ key: null }))).judge(undefined as never);
    expect('findings' in verdict && verdict.findings[0]?.location).toEqual({
      file: 'openapi.yaml',
      line: 7,
      column: 5,
    });
  });
});

describe('what it applies to', () => {
  const skipped = (of: Page, ...rest: [Operation['method'], string, Role]) => {
    const planned = check.plan(on(of, ...rest), null);
    return 'skip' in planned ? planned.skip : 'applies';
  };
  it.each<[Operation['method'], string, Role, string]>([
    ['POST', '/orders', 'create', 'applies'],
    ['POST', '/accounts/{id}/deposits', 'action:deposit', 'applies'],
    ['POST', '/orders/{id}/validate', 'action:validate', 'not an operation that creates or acts'],
    ['POST', '/orders/search', 'action:search', 'not an operation that creates or acts'],
    ['POST', '/orders/cancel', 'other', 'not an operation that creates or acts'],
    ['PUT', '/orders/{id}', 'create', 'the id that the client chooses says it'],
    ['PATCH', '/orders/{id}', 'update', 'not an operation that creates or acts'],
    ['GET', '/orders', 'list', 'not an operation that creates or acts'],
  ])('%s %s as %s: %s', (method, path, role, expected) => {
    expect(skipped(page({ key: null }), method, path, role)).toBe(expected);
  });

  it('a PATCH by operations', () => {
    const patch = page({ key: null, mediaTypes: ['application/json-patch+json'] });
    expect(skipped(patch, 'PATCH', '/orders/{id}', 'update')).toBe('applies');
  });

  it('nothing without a document', () => {
    expect(check.plan(subject(operation('POST', '/orders', 'create')), null)).toEqual({
      skip: 'no OpenAPI document describes it',
    });
  });
});

describe('what a run saw', () => {
  const { answered } = createCanned();
  const [first, second] = [answered('first', 400), answered('second', 201)];
  const demanded = {
    check: 'key-missing',
    verdict: 'warn',
    findings: [warn('refused-though-optional', { status: 400 }, [first])],
  } as const;
  const inFact = {
    check: 'key-missing',
    notes: [note('required-in-fact', { status: 400 })],
    exchanges: [first.n],
  } as const;
  const doubled = {
    check: 'key-replay-no-duplicate',
    verdict: 'fail',
    findings: [fail('duplicate-created', { count: 2 }, [first, second])],
  } as const;
  const optional = { ...bare, required: false, name: 'Idempotency-Key', hasForm: true };
  const lost = { ...doubled, check: 'key-concurrent-single-effect' };

  it.each<[string, Page, Parameters<typeof observed>[0], string]>([
    ['a key called optional and demanded', page({ key: optional }), [demanded], 'fail key-demanded'],
    ['a key nobody declares, and demanded', page({ key: null }), [inFact], 'fail key-demanded key-undeclared'],
    [
      'a key whose requirement is not said',
      page({ key: { ...optional, required: null } }),
      [inFact],
      'pass +requirement-unsaid',
    ],
    ['a declared key without effect', page(), [doubled], 'fail key-without-effect'],
    ['a lost race', page(), [lost], 'pass'],
  ])('%s', (_, of, results, expected) => {
    expect(said(of, observed(results, [first, second]))).toBe(expected);
  });

  it('cites the proof', () => {
    const verdict = scenarioOf(check, on(page())).review?.(observed([doubled], [first, second]));
    expect(verdict !== undefined && 'findings' in verdict && verdict.findings[0]?.exchanges).toEqual([
      first.n,
      second.n,
    ]);
  });
});
