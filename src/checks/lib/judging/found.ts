import type { Finding, Verdict } from '../../../core/verdict.js';

/** The verdict that one finding makes, without notes. */
export function found<const Code extends string>(finding: Finding<Code>): Verdict<Code, never> {
  return { verdict: finding.level, findings: [finding], notes: [] };
}
