import { checks } from '../../src/checks/registry.js';
import type { Check } from '../../src/core/check.js';
import type { Outcome, Report, Result } from '../../src/core/report.js';
import { judgeAgain } from '../../src/judging/again.js';
import { buildReport } from '../../src/report/build.js';
import type { GroundsContext } from '../../src/report/grounds.js';
import { renderJson } from '../../src/report/json.js';
import { createRedaction, type Redaction } from '../../src/report/redact.js';
import type { JudgeableReport } from '../../src/spec/reports/read.js';
import { revivedResources } from '../../src/spec/reports/revive.js';
import { DEFAULT_GATE } from '../support/gate.js';

const NO_SECRETS = createRedaction({ values: [], fields: body => body });

/** The text of the JSON report of a run. */
export function reportText(
  outcome: Outcome & { readonly grounds: GroundsContext },
  redact: Redaction = NO_SECRETS,
): string {
  const report: Report = buildReport(outcome, {
    version: '0.1.0',
    target: 'http://reference.test',
    profile: 'ietf',
    startedAt: '2026-11-24T10:00:00.000Z',
    durationMs: 0,
    seed: 1,
    checks,
    gate: DEFAULT_GATE,
    waivers: [],
    baseline: null,
    today: '2026-11-24',
    redact,
    grounds: outcome.grounds,
  });
  return renderJson(report);
}

/** The results of a run, judged again from the text of its report alone. Throws on a bug in a judge. */
export function judgedAgain(text: string, by: readonly Check[] = checks): readonly Result[] {
  const report = JSON.parse(text) as JudgeableReport;
  return judgeAgain({
    report,
    resources: revivedResources(report.grounds),
    checks: by,
    onInternalError: error => {
      throw error;
    },
  });
}
