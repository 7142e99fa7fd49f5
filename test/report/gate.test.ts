import { describe, expect, it } from 'vitest';
import { warn, type Basis, type Severity, type VerdictName } from '../../src/core/verdict.js';
import { countsAgainst, exitCodeOf, verdictUnder, type Gate } from '../../src/report/gate.js';
import { DEFAULT_GATE } from '../support/gate.js';

interface Shape {
  readonly severity?: Severity;
  readonly basis?: Basis;
  readonly waived?: object | null;
  readonly reason?: string | null;
  readonly findingBasis?: Basis;
}

function gated(verdict: VerdictName, shape: Shape = {}) {
  const { severity = 'high', basis = 'must', waived = null, reason = null, findingBasis } = shape;
  const extras = findingBasis === undefined ? {} : { basis: findingBasis };
  const findings = verdict === 'warn' ? [warn('odd', {}, [], extras)] : [];
  return { verdict, severity, basis, waived, reason, findings };
}

const run = (...results: ReturnType<typeof gated>[]) => ({ results, stopped: null, internalErrors: [] });
const gate = (overrides: Partial<Gate>): Gate => ({ ...DEFAULT_GATE, ...overrides });

describe('exit code', () => {
  it.each<[string, ReturnType<typeof gated>[], Partial<Gate>, number]>([
    ['a fail', [gated('pass'), gated('fail')], {}, 1],
    ['passes', [gated('pass')], {}, 0],
    ['warnings alone are conclusive', [gated('warn'), gated('inconclusive')], {}, 0],
    ['a warning at --fail-on warn', [gated('warn')], { failOn: 'warn' }, 1],
    ['an open result at --fail-on inconclusive', [gated('pass'), gated('inconclusive')], { failOn: 'inconclusive' }, 1],
    [
      'what does not apply, at --fail-on inconclusive',
      [gated('pass'), gated('not-applicable')],
      { failOn: 'inconclusive' },
      0,
    ],
    ['nothing at all', [], {}, 3],
    ['nothing but open results', [gated('inconclusive'), gated('not-applicable')], {}, 3],
    ['nothing conclusive, also at --fail-on inconclusive', [gated('inconclusive')], { failOn: 'inconclusive' }, 3],
    ['a waived fail', [gated('fail', { waived: {} })], {}, 0],
    ['a fail below --min-severity', [gated('fail', { severity: 'medium' })], { minSeverity: 'high' }, 0],
    ['a fail at --min-severity', [gated('fail', { severity: 'high' })], { minSeverity: 'high' }, 1],
    ['a SHOULD under --strict', [gated('warn', { basis: 'should' })], { strict: true }, 1],
    ['a convention under --strict', [gated('warn', { basis: 'convention' })], { strict: true }, 0],
    ['a SHOULD of the finding under --strict', [gated('warn', { findingBasis: 'should' })], { strict: true }, 1],
    [
      'a convention of the finding under --strict',
      [gated('warn', { basis: 'should', findingBasis: 'convention' })],
      { strict: true },
      0,
    ],
    ['a SHOULD without --strict', [gated('warn', { basis: 'should' })], {}, 0],
    ['a bug of ours beside a fail', [gated('fail'), gated('inconclusive', { reason: 'internal-error' })], {}, 2],
  ])('%s', (_, results, overrides, expected) => {
    expect(exitCodeOf(run(...results), gate(overrides))).toBe(expected);
  });

  it('is 2 for an internal error that belongs to no result, 130 when interrupted, whatever else there is', () => {
    expect(exitCodeOf({ ...run(gated('fail')), internalErrors: ['boom'] }, DEFAULT_GATE)).toBe(2);
    expect(exitCodeOf({ ...run(gated('fail')), internalErrors: ['boom'], stopped: 'interrupted' }, DEFAULT_GATE)).toBe(
      130,
    );
  });

  it('of a run stopped by a budget is 3 when nothing was concluded, else that of its findings', () => {
    expect(exitCodeOf({ ...run(gated('inconclusive')), stopped: 'budget' }, DEFAULT_GATE)).toBe(3);
    expect(exitCodeOf({ ...run(gated('pass')), stopped: 'budget' }, DEFAULT_GATE)).toBe(0);
    expect(exitCodeOf({ ...run(gated('fail')), stopped: 'budget' }, DEFAULT_GATE)).toBe(1);
  });
});

it('counts nothing twice: a verdict under --strict stays what it became', () => {
  const strict = gate({ strict: true });
  const result = gated('warn', { basis: 'should' });
  const verdict = verdictUnder(strict, result);
  expect(verdict).toBe('fail');
  expect(countsAgainst(strict, { ...result, verdict })).toBe(true);
});
