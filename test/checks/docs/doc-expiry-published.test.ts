import { describe, expect, it } from 'vitest';
import { docExpiryPublished as check } from '../../../src/checks/docs/doc-expiry-published.js';
import { NOTHING_OBSERVED } from '../../../src/core/document-check.js';
import type { Page } from '../../../src/core/operation.js';
import { fail } from '../../../src/core/verdict.js';
import { outcome } from '../../support/outcome.js';
import { documented, observed, page } from '../../support/page.js';
import { operation, scenarioOf, subject } from '../../support/subject.js';

const on = (of: Page) => subject(operation('POST', '/orders', 'create', documented(of)));
const said = (of: Page, seen = NOTHING_OBSERVED) => {
  const verdict = scenarioOf(check, on(of)).review?.(seen);
  return verdict === undefined ? 'no review' : outcome(verdict);
};
const gone = (age: string) =>
  observed([
    {
      check: 'key-ttl-honoured',
      verdict: 'fail',
      findings: [fail('expired-early', { age, held: '0 s', ttl: '24 h' }, [])],
    },
  ]);

describe('how long a key protects', () => {
  it.each<[string, Page, typeof NOTHING_OBSERVED, string]>([
    ['written', page(), NOTHING_OBSERVED, 'pass'],
    ['written nowhere', page({ expiry: null }), NOTHING_OBSERVED, 'warn expiry-unpublished'],
    [
      'behind a link',
      page({ expiry: { text: 'https://docs.example.com/keys', seconds: null } }),
      NOTHING_OBSERVED,
      'pass +published-elsewhere',
    ],
    ['written, and gone before', page(), gone('5 s'), 'fail expiry-contradicted'],
    [
      'written in minutes, and gone before',
      page({ expiry: { text: '', seconds: 3600 } }),
      gone('11 min'),
      'fail expiry-contradicted',
    ],
    ['gone after what is written', page({ expiry: { text: '', seconds: 60 } }), gone('70 s'), 'pass'],
    ['gone at an age nobody can read', page(), gone('soon'), 'pass'],
    [
      'gone, where a number is not written',
      page({ expiry: { text: 'never expire', seconds: null } }),
      gone('5 s'),
      'pass +published-elsewhere',
    ],
  ])('%s', (_, of, seen, expected) => {
    expect(said(of, seen)).toBe(expected);
  });

  it('does not apply where no key is declared', () => {
    expect(check.plan(on(page({ key: null })), null)).toEqual({ skip: 'declares no idempotency key' });
  });
});
