import { checks } from '../checks/registry.js';
import { UsageError } from '../core/errors.js';
import type { Plan } from '../core/plan.js';
import type { Report } from '../core/report.js';
import type { KnownResults } from '../report/baseline.js';
import type { Gate } from '../report/gate.js';
import type { PlanView } from '../report/plan-view.js';
import { plural } from '../report/sentence.js';
import { renderTerminal } from '../report/terminal/terminal.js';
import { conduct } from './conduct.js';
import { contractOf, recordContract } from './contract-file.js';
import { foresee } from './foresee.js';
import { readBaseline, writeBaseline } from './baseline-file.js';
import { colourOf, type Io } from './io.js';
import { count, formatsOf, type RunFlags } from './options.js';
import { prepare } from './prepare.js';
import { redactionOf } from './secrets.js';
import { showProgress } from './show-progress.js';
import { targetOf } from './target-of.js';
import { waitFor } from './wait-for.js';
import { writeReports } from './write-reports.js';

/** `idem-check run`: checks the target, writes the reports, gives the exit code. */
export async function run(file: string | undefined, flags: RunFlags, io: Io): Promise<number> {
  if (flags.dryRun === true) return (await import('./plan.js')).plan(file, flags, io);
  const formats = formatsOf(flags);
  const gate: Gate = { failOn: flags.failOn, minSeverity: flags.minSeverity, strict: flags.strict === true };
  const { spec, plan } = await prepare(file, flags, io);
  const url = targetOf(flags.url ?? spec.url, flags);
  const baseline = await knownIn(flags);
  const contract = await contractOf(flags);
  if (flags.waitForUrl !== undefined) await waitFor(url, count('--wait-for-url', flags.waitForUrl), io);
  if (flags.quiet !== true) {
    if (spec.profileReason !== null) io.err(`profile ${spec.profile}, a guess: ${spec.profileReason}\n`);
    const redact = redactionOf(spec, url);
    const view = foresee(spec, plan, { url, flags, redact });
    io.err(`${redact.url(announcement(view, plan, url))}\n`);
    for (const text of view.missing) io.err(`${text}\n`);
    const guessed = spec.source === 'openapi' ? view.guesses.length : 0;
    if (guessed > 0) io.err(`${plural(guessed, 'guess', 'guesses')} from ${spec.file}: idem-check plan tells them\n`);
  }
  const progress = showProgress(io, flags.quiet !== true);
  const report = await conduct({
    spec,
    url,
    plan,
    checks,
    flags,
    gate,
    baseline,
    contract,
    signal: io.signal,
    onEvent: progress.onEvent,
  });
  progress.end();
  const written = await writeReports(report, formats, { flags, gate });
  await tell(report, written, flags, io);
  return report.exitCode;
}

async function tell(report: Report, written: readonly string[], flags: RunFlags, io: Io): Promise<void> {
  const colour = colourOf(flags.color, io);
  const { quiet = false, verbose = false } = flags;
  io.out(renderTerminal(report, { colour, width: Math.min(io.columns, 120), verbose, quiet }));
  for (const file of written) io.err(`wrote ${file}\n`);
  if (flags.baselineUpdate === true && flags.baseline !== undefined) {
    await writeBaseline(flags.baseline, report);
    io.err(`wrote ${flags.baseline}\n`);
  }
  if (flags.contractOut !== undefined) io.err(`${await recordContract(flags.contractOut, report)}\n`);
}

async function knownIn({ baseline, baselineUpdate }: RunFlags): Promise<KnownResults | null> {
  if (baseline === undefined) {
    if (baselineUpdate === true) throw new UsageError('--baseline-update needs --baseline FILE');
    return null;
  }
  return baselineUpdate === true ? null : readBaseline(baseline);
}

function announcement({ resources, requests }: PlanView, plan: Plan, url: string): string {
  const names = [...new Set(plan.cases.map(({ resource }) => resource.name))];
  const kinds = `${names.slice(0, 8).join(', ')}${names.length > 8 ? ` and ${resources.length - 8} more` : ''}`;
  return `${url}: ${plural(plan.cases.length, 'case')}, about ${plural(requests, 'request')}, records in ${kinds}; what is created is deleted at the end`;
}
