import { checks } from '../checks/registry.js';
import type { RecordedContract } from '../core/observed-contract.js';
import type { Outcome, Report, Result } from '../core/report.js';
import { createBugs } from '../engine/bugs.js';
import { exchangesIn, judgeAgain } from '../judging/again.js';
import { createSelection, type Selection } from '../plan/selection.js';
import { knownIn } from '../report/baseline.js';
import { buildReport } from '../report/build.js';
import { CONTRACT_DRIFT } from '../report/contract/drift-check.js';
import type { Gate } from '../report/gate.js';
import { differencesBetween, judgedJson, renderJudged, type JudgedAgain } from '../report/judged-view.js';
import { AS_IT_IS } from '../report/redact.js';
import { loadReport } from '../spec/load.js';
import { resembling } from '../spec/profiles/resembling.js';
import type { JudgeableReport, ReadReport } from '../spec/reports/read.js';
import { nearest } from '../spec/suggest.js';
import { deliver, reportFiles } from './deliver.js';
import type { JudgeOptions } from './flags/options.js';
import { colourOf, type Io } from './io.js';
import { chosenChecks, gateOf } from './settings.js';
import { version } from './version.js';

/** `idem-check judge`: the verdicts of a report anew, from what was exchanged. Sends nothing. */
export async function judge(file: string, options: JudgeOptions, io: Io): Promise<number> {
  const selection = selectionOf(options);
  const read = await loadReport(file);
  const outcome = outcomeOf(read, selection);
  const gate = gateOf(options);
  const report = reportOf(outcome, read, selection, gate);
  const judged = comparedWith(file, outcome, read, selection, report);
  const colour = colourOf(options.color, io);
  io.out(options.json ? judgedJson(judged) : renderJudged(judged, { colour, quiet: options.quiet }));
  const files = reportFiles(report, options);
  const isPrinted = !options.json && (options.verbose || files.length > 0);
  return deliver(report, files, { ...options, isPrinted }, io);
}

/** Which results are judged: those of the chosen checks, a drift from a recorded contract only with all of them. */
interface Chosen extends Pick<Selection, 'wants'> {
  readonly isAll: boolean;
}

function selectionOf(options: JudgeOptions): Chosen {
  const chosen = chosenChecks(options, { include: null, exclude: [] });
  const isAll = chosen.checks === null && chosen.excludeChecks.length === 0;
  return { ...createSelection({ ...chosen, include: [], exclude: [], shard: null }, checks, nearest), isAll };
}

/** What the results come to now. All of them are judged, since a review looks at those of other checks. */
function outcomeOf({ report, resources }: ReadReport, { wants }: Chosen): Outcome {
  const bugs = createBugs(text => text);
  const results = judgeAgain({ report, resources, checks, onInternalError: (error, id) => bugs.note(id, error) });
  const wanted = new Set(checks.filter(wants).map(({ id }) => id));
  return {
    results: results.filter(({ check }) => wanted.has(check)),
    exchanges: exchangesIn(report),
    leftovers: report.leftovers,
    stopped: null,
    internalErrors: bugs.described(),
  };
}

/** The report anew. Its secrets were masked when it was written; its waivers hold as they did on that day. */
function reportOf(outcome: Outcome, { report, resources }: ReadReport, { isAll }: Chosen, gate: Gate): Report {
  const { target, profile, startedAt, durationMs, seed, grounds, contract } = report;
  const recorded = isAll ? recordedIn(report) : null;
  return buildReport(outcome, {
    version: version(),
    target,
    profile,
    startedAt,
    durationMs,
    seed,
    checks,
    gate,
    waivers: grounds.waivers,
    baseline: knownIn(report.results),
    today: startedAt.slice(0, 10),
    redact: AS_IT_IS,
    grounds: { ...grounds, resources },
    ...(contract === undefined ? {} : { contract: { resembling, recorded } }),
  });
}

function recordedIn({ grounds: { recorded } }: JudgeableReport): RecordedContract | null {
  if (recorded === null) return null;
  return {
    ...recorded,
    operations: recorded.operations === null ? null : new Map(Object.entries(recorded.operations)),
  };
}

/** What differs. What a strict run called a fail is held against a strict verdict, whatever the gate is now. */
function comparedWith(
  file: string,
  outcome: Outcome,
  read: ReadReport,
  chosen: Chosen,
  { exitCode }: Report,
): JudgedAgain {
  const { tool, results, grounds } = read.report;
  const now = reportOf(outcome, read, chosen, { failOn: 'fail', minSeverity: 'low', strict: grounds.strict }).results;
  const wanted = new Set([
    ...checks.filter(chosen.wants).map(({ id }) => id),
    ...(chosen.isAll ? [CONTRACT_DRIFT.id] : []),
  ]);
  const known = new Set([...checks.map(({ id }) => id), CONTRACT_DRIFT.id]);
  const isOf = (ids: ReadonlySet<string>) => (result: Pick<Result, 'check'>) => ids.has(result.check);
  return {
    file,
    writtenBy: tool.version,
    judgedBy: version(),
    results: now.length,
    differing: differencesBetween(results.filter(isOf(wanted)), now),
    unknown: [...new Set(results.map(({ check }) => check))].filter(check => !known.has(check)),
    exitCode,
  };
}
