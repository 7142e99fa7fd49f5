import { expect, it } from 'vitest';
import { context, outcome, result } from '../../fixtures/reports/canned-outcome.js';
import { naturalDuplicateSequential } from '../../src/checks/duplicates/natural-duplicate-sequential.js';
import { preconditionRequired } from '../../src/checks/conditional/precondition-required.js';
import { warn } from '../../src/core/verdict.js';
import { buildReport } from '../../src/report/build.js';
import { renderTerminal } from '../../src/report/terminal/terminal.js';

const retried = warn('unprotected-retry', { does: 'makes a second order', count: 2, what: 'records' }, []);
const lost = warn('edits-lost', { path: '$.amount', before: '1', after: '2' }, []);
const open = (check: string) => result('PUT /orders/{id}', check, { verdict: 'inconclusive', reason: 'no-version' });
const without = outcome({
  results: [
    result('POST /orders', 'natural-duplicate-sequential', { verdict: 'warn', findings: [retried] }),
    result('PUT /orders/{id}', 'precondition-required', { verdict: 'warn', findings: [lost] }),
    open('if-match-stale-rejected'),
    open('if-match-current-accepted'),
    result('POST /orders', 'key-missing', { verdict: 'not-applicable', reason: 'takes no idempotency key' }),
  ],
});
const checks = [naturalDuplicateSequential, preconditionRequired];
const render = (verbose: boolean) =>
  renderTerminal(buildReport(without, context({ checks })), { colour: 0, width: 80, verbose, quiet: false });

it('leads with what an API without keys and versions does, and leaves out what follows from it', () => {
  const [, lead] = render(false).split('\n\n');
  expect(lead).toMatchInlineSnapshot(`
    "! POST /orders: a client that retries after a lost answer makes a second order
      (shown: 2 records). It takes no idempotency key.
    ! PUT /orders/{id}: of two people who edit at once, the first one's change is
      lost without a word (shown: $.amount was 1, and is 2). It offers no version
      (ETag, If-Match).
      3 cases that would hold keys and versions to account have nothing to do (-v
      lists them)."
  `);
  expect(render(false)).not.toContain('Undecided');
  expect(render(false)).not.toContain('  fix ');
});

it('shows the evidence and all that stayed open with -v', () => {
  expect(render(true)).toContain('Undecided');
  expect(render(true)).toContain('  fix ');
});
