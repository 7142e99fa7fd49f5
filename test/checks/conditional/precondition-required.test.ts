import { describe, expect, it } from 'vitest';
import { preconditionRequired as check } from '../../../src/checks/conditional/precondition-required.js';
import { isSkip } from '../../../src/core/check.js';
import type { Contract } from '../../../src/core/contract.js';
import type { Exchange } from '../../../src/core/http.js';
import { createDepot } from '../../support/depot.js';
import { drive } from '../../support/drive.js';
import { evidence } from '../../support/evidence.js';
import { createCanned } from '../../support/exchange.js';
import { outcome } from '../../support/outcome.js';
import { keyless, operation, resource, scenarioOf, subject } from '../../support/subject.js';

const { answered, lost } = createCanned();
const contract = (missing: Contract['etag']['missing']): Contract => ({
  ...keyless,
  etag: { ...keyless.etag, missing },
});
const replacing = (missing: Contract['etag']['missing'] = null) =>
  subject(operation('PUT', '/orders/{id}', 'replace', { contract: contract(missing) }));

const upToB = [
  answered('start', 200, { headers: [['ETag', '"1"']] }),
  answered('A', 200),
  answered('after A', 200, { body: { amount: 1 } }),
  answered('control', 200, { body: { amount: 1 } }),
];
const versionless = [
  answered('start', 200, { body: { amount: 0 } }),
  answered('A', 200, { requestBody: '{"amount":1}' }),
  answered('after A', 200, { body: { amount: 1 } }),
  answered('control', 200, { body: { amount: 1 } }),
];
const b = (status: number) => answered('B', status, { requestBody: '{"amount":2}' });
const after = (amount: number) => answered('after B', 200, { body: { amount } });
const valid = answered('valid', 200);

const table: readonly (readonly [name: string, Exchange[], missing: Contract['etag']['missing'], expected: string])[] =
  [
    ['refused with 428', [...upToB, b(428), after(1)], null, 'pass'],
    ['refused with 428, as declared', [...upToB, b(428), after(1)], [428], 'pass'],
    ['refused with 428, where 400 is declared', [...upToB, b(428), after(1)], [400], 'pass +status-outside'],
    ['refused with 409, though fine', [...upToB, b(409), after(1), valid], null, 'pass +status-outside'],
    ['refused with 400, as declared', [...upToB, b(400), after(1), valid], [400], 'pass'],
    [
      'refused with 400, and never fine',
      [...upToB, b(400), after(1), answered('valid', 400)],
      null,
      'inconclusive control-failed',
    ],
    ['refused with 400, no control', [...upToB, b(400), after(1)], null, 'inconclusive lost-answers'],
    ['applied', [...upToB, b(200), after(2)], null, 'warn overwritten-silently'],
    ['applied, though declared', [...upToB, b(200), after(2)], [428], 'fail not-demanded'],
    ['applied behind a refusal', [...upToB, b(428), after(2)], [428], 'fail not-demanded'],
    ['a 2xx and nothing done', [...upToB, b(200), after(1)], [428], 'inconclusive control-failed'],
    ['a crash', [...upToB, b(500), after(1)], null, 'inconclusive control-failed'],
    ['a 503', [...upToB, b(503), after(1)], null, 'inconclusive unavailable'],
    ['lost', [...upToB, lost('B'), after(1)], null, 'inconclusive lost-answers'],
    ['not read', [...upToB, b(428)], null, 'inconclusive lost-answers'],
    ['read with 404', [...upToB, b(428), answered('after B', 404)], null, 'inconclusive control-failed'],
    ['A is refused', [...upToB.slice(0, 1), answered('A', 422)], null, 'inconclusive first-refused'],
    ['no version', [answered('start', 200)], null, 'inconclusive no-version'],
    ['no version, and an edit lost', [...versionless, b(200), after(2)], null, 'warn edits-lost'],
    ['no version, and B was not applied', [...versionless, b(200), after(1)], null, 'inconclusive no-version'],
    ['no version, and B was refused', [...versionless, b(409), after(1)], null, 'inconclusive no-version'],
    ['a start that is refused', [answered('start', 403)], null, 'inconclusive first-refused'],
    ['nothing sent', [], null, 'inconclusive lost-answers'],
  ];

describe('precondition-required', () => {
  it.each(table)('%s', (_, exchanges, missing, expected) => {
    expect(outcome(scenarioOf(check, replacing(missing)).judge(evidence(exchanges)))).toBe(expected);
  });

  it.each([
    ['that demands a version', { missing: 428 }, null, 'pass'],
    ['that demands one with 400', { missing: 400 }, null, 'pass +status-outside'],
    ['that demands one, as declared', { missing: 428 }, [428], 'pass'],
    ['that says nothing and permits', {}, null, 'warn overwritten-silently'],
    ['that says it demands, and permits', {}, [428], 'fail not-demanded'],
    ['with a time', { tag: 'modified' }, null, 'warn overwritten-silently'],
    ['without versions', { tag: 'none' }, null, 'warn edits-lost'],
  ] as const)('on a server %s', (_, options, missing, expected) => {
    expect(outcome(drive(scenarioOf(check, replacing(missing)), createDepot(options)).verdict)).toBe(expected);
  });

  const documented = { statuses: ['204', '428'], requestHeaders: ['if-match'], responseHeaders: [] };
  const removing = operation('DELETE', '/orders/{id}', 'delete', { documented, contract: contract([428]) });
  it('judges a DELETE for which a 428 is documented', () => {
    const { verdict } = drive(scenarioOf(check, subject(removing)), createDepot());
    expect(outcome(verdict)).toBe('fail not-demanded');
    const kept = drive(scenarioOf(check, subject(removing)), createDepot({ missing: 428 }));
    expect(outcome(kept.verdict)).toBe('pass');
  });

  it('judges a DELETE where the contract demands a version, and the spec says how a DELETE carries it', () => {
    const carried = resource({ version: { in: 'body', name: '_rev', parameter: 'rev' } });
    const plain = operation('DELETE', '/x', 'delete', { contract: contract([409]) });
    expect(isSkip(check.plan(subject(plain, carried), null))).toBe(false);
  });

  it.each([
    ['a write that is permitted without one', replacing('permitted')],
    ['a DELETE without a documented 428', subject(operation('DELETE', '/x', 'delete', { contract: contract([428]) }))],
    ['a create', subject(resource().create)],
    ['no read', subject(resource().update, resource({ read: null }))],
    ['no create', subject(resource().update, resource({ create: null }))],
    ['one body', subject(operation('PUT', '/x', 'replace', { marked: false, payloads: new Set(['body']) }))],
  ])('does not apply: %s', (_, within) => {
    expect(isSkip(check.plan(within, null))).toBe(true);
  });
});
