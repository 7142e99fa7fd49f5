import type { Observed } from '../../src/core/check.js';
import type { Exchange } from '../../src/core/http.js';
import type { Operation, Page } from '../../src/core/operation.js';
import type { Result } from '../../src/core/report.js';

const AT = { file: 'openapi.yaml', line: 7, column: 5 };

/** A documented operation that says everything, but for what is given. */
export function page(overrides: Partial<Page> = {}): Page {
  return {
    target: "$['paths']['/orders']['post']",
    isOld: false,
    summary: 'Place an order',
    description: '',
    hasBody: false,
    mediaTypes: [],
    responsesAt: { ...AT, line: 9 },
    responses: ['201', '400', '409', '412', '422', '428', '404'].map(status => ({ status, description: '' })),
    key: { in: 'header', name: 'Idempotency-Key', required: true, hasForm: true, location: { ...AT, line: 8 } },
    expiry: { text: 'kept for 24 hours', seconds: 86_400 },
    ifMatch: null,
    ...overrides,
  };
}

/** Responses with these statuses. */
export function answering(...statuses: readonly string[]): Pick<Page, 'responses'> {
  return { responses: statuses.map(status => ({ status, description: '' })) };
}

export function documented(of: Page): Pick<Operation, 'documented' | 'location'> {
  return { location: AT, documented: { statuses: [], requestHeaders: [], responseHeaders: [], page: of } };
}

/** What a run saw: results of other checks, and answers by status. */
export function observed(results: readonly Partial<Result>[], exchanges: readonly Exchange[] = []): Observed {
  return {
    exchanges,
    results: results.map(one => ({
      id: 'POST /orders#check',
      check: 'check',
      variant: null,
      operation: 'POST /orders',
      resource: 'order',
      verdict: 'pass',
      severity: 'high',
      basis: 'should',
      oracleKind: 'list',
      reason: null,
      reasonArgs: {},
      findings: [],
      notes: [],
      exchanges: [],
      readings: [],
      location: null,
      durationMs: 0,
      ...one,
    })),
  };
}
