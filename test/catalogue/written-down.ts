import { isDeepStrictEqual } from 'node:util';
import type { Scenario } from '../../src/core/check.js';
import type { Evidence } from '../../src/core/evidence.js';

/**
 * The scenario, judged twice each time: from its evidence, and from the same written down as JSON and read again. Throws
 * where the two differ, in the verdict or in what they show of the contract.
 */
export function writtenDown(scenario: Scenario, onReadAgain = (): void => undefined): Scenario {
  const readAgain = (evidence: Evidence): Evidence => {
    onReadAgain();
    return JSON.parse(JSON.stringify(evidence)) as Evidence;
  };
  const agreed = <Said>(what: string, said: Said, again: Said): Said => {
    if (isDeepStrictEqual(said, again)) return said;
    throw new Error(`${what} of what was written down: ${JSON.stringify(again)}, and not ${JSON.stringify(said)}`);
  };
  const { observe } = scenario;
  return {
    ...scenario,
    judge: evidence => agreed('the verdict', scenario.judge(evidence), scenario.judge(readAgain(evidence))),
    ...(observe === undefined
      ? {}
      : {
          observe: (evidence, verdict) =>
            agreed('the traits', observe(evidence, verdict), observe(readAgain(evidence), verdict)),
        }),
  };
}
