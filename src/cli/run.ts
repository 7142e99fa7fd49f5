import type { Plan } from '../core/plan.js';
import type { Report } from '../core/report.js';
import type { PlanView } from '../report/plan-view.js';
import { plural } from '../report/sentence.js';
import { writeBaseline } from './baseline-file.js';
import { conduct } from './conduct.js';
import { recordContract } from './contract-file.js';
import { deliver, reportFiles, type Delivery } from './deliver.js';
import type { RunOptions } from './flags/options.js';
import { foresee } from './foresee.js';
import type { Io } from './io.js';
import { ready, type Ready } from './ready.js';
import { redactionOf } from './secrets.js';
import { showProgress } from './show-progress.js';

/** `idem-check run`: checks the target, writes the reports, gives the exit code. */
export async function run(file: string | undefined, options: RunOptions, io: Io): Promise<number> {
  if (options.dryRun) return (await import('./plan.js')).plan(file, { ...options, json: false }, io);
  // A baseline that is written anew need not be there.
  const ground = await ready(file === undefined ? null : { file }, options, io, !options.baselineUpdate);
  if (!options.quiet) announce(ground, options, io);
  const progress = showProgress(io, !options.quiet);
  const report = await conduct({ ...ground, options, signal: io.signal, onEvent: progress.onEvent });
  progress.end();
  return deliver(report, [...reportFiles(report, options), ...recordings(report, options)], options, io);
}

/** Says what is about to be done. */
function announce({ spec, plan, url }: Ready, options: RunOptions, io: Io): void {
  if (spec.profileReason !== null) io.err(`profile ${spec.profile}, a guess: ${spec.profileReason}\n`);
  const redact = redactionOf(spec, url);
  const view = foresee(spec, plan, { url, options, redact });
  io.err(`${redact.url(announcement(view, plan, url))}\n`);
  for (const text of view.missing) io.err(`${text}\n`);
  const guessed = spec.source === 'openapi' ? view.guesses.length : 0;
  if (guessed > 0) io.err(`${plural(guessed, 'guess', 'guesses')} from ${spec.file}: idem-check plan tells them\n`);
}

function announcement({ resources, requests }: PlanView, plan: Plan, url: string): string {
  const names = [...new Set(plan.cases.map(({ resource }) => resource.name))];
  const kinds = `${names.slice(0, 8).join(', ')}${names.length > 8 ? ` and ${resources.length - 8} more` : ''}`;
  return `${url}: ${plural(plan.cases.length, 'case')}, about ${plural(requests, 'request')}, records in ${kinds}; what is created is deleted at the end`;
}

/** The files a later run is held against. */
function recordings(report: Report, { baseline, baselineUpdate, contractOut }: RunOptions): readonly Delivery[] {
  return [
    ...(baseline === null || !baselineUpdate
      ? []
      : [{ file: baseline, write: async () => writeBaseline(baseline, report) }]),
    ...(contractOut === null ? [] : [{ file: contractOut, write: async () => recordContract(contractOut, report) }]),
  ];
}
