import { checks } from '../checks/registry.js';
import type { Report, ReportResult } from '../core/report.js';
import type { Spec } from '../core/spec.js';
import { AWAITED } from '../reference/awaited.js';
import type { Flaw } from '../reference/flaw.js';
import { flaws } from '../reference/flaws/index.js';
import { serveApart } from '../reference/serve-apart.js';
import type { RunningReference } from '../reference/serve.js';
import { specText, type Described } from '../reference/spec-text.js';
import { makePlan } from '../plan/make-plan.js';
import { plural } from '../report/sentence.js';
import { renderTerminal } from '../report/terminal/terminal.js';
import { specFromText } from '../spec/load.js';
import { drawnSeed } from './arrangers.js';
import { isAuthenticated } from './callers.js';
import { conduct } from './conduct.js';
import { tellBugs, terminalOptions } from './deliver.js';
import { EXIT } from './exit.js';
import { usualOptions, type DemoOptions } from './flags/options.js';
import type { Io } from './io.js';
import { showProgress } from './show-progress.js';

/** The correct side in the demo: it tells tenants apart, and its keys live so briefly that they are watched to the end. */
const CORRECT = { ttlSeconds: 8, callers: 'tenants' } as const;

/** `idem-check demo`: every check on the correct side, and each on the flaws it is there for. */
export async function demo(options: DemoOptions, io: Io): Promise<number> {
  const known = flaws.filter(
    flaw => !(flaw.id in AWAITED) && !isApart(flaw) && checks.some(({ id }) => id === flaw.exposes.check),
  );
  const reference = await serveApart([
    { prefix: '/correct', flaw: null, choices: CORRECT },
    ...known.map(({ id }) => ({ prefix: `/flaws/${id}`, flaw: id, choices: {} })),
  ]);
  try {
    const correct: Described = { prefix: '/correct', suffix: '', flaw: null, choices: CORRECT };
    const flawed = known.map((flaw): Described => ({
      prefix: `/flaws/${flaw.id}`,
      suffix: `-${flaw.id}`,
      flaw,
      choices: {},
    }));
    const [correctReport, flawedReport] = await Promise.all([
      play(specOf([correct], io), reference, () => true, io),
      play(specOf(flawed, io), reference, result => isMeant(result, known), io),
    ]);
    return tell(correctReport, flawedReport, known, options, io);
  } finally {
    await reference.close();
  }
}

/** A file has one hook of a name, and one caller, for all it describes, and here it describes many copies. */
function isApart({ choices, declares, inDemo }: Flaw): boolean {
  if (inDemo === false) return true;
  return declares?.restarts === true || declares?.limits === true || choices?.callers === 'tenant-header';
}

function specOf(apis: readonly Described[], { env }: Io): Spec {
  // The demo looks into its own stores.
  const store = { kind: 'command', command: '{key}' } as const;
  return { ...specFromText(specText(apis), 'the reference API', { env, profile: null }), store };
}

/** Whether a case is the one a flaw is there for. */
function isMeant(
  { check, resource }: { readonly check: string; readonly resource: string },
  known: readonly Flaw[],
): boolean {
  return known.some(({ id, exposes }) => exposes.check === check && resource === `${exposes.resource}-${id}`);
}

async function play(
  spec: Spec,
  { url, inspect }: RunningReference,
  isWanted: (result: { readonly check: string; readonly resource: string }) => boolean,
  io: Io,
): Promise<Report> {
  const ground = { ...spec, isAuthenticated: isAuthenticated({ caller: spec.caller, url }) };
  const whole = makePlan(ground, checks, { takes: () => true, wants: () => true });
  const cases = whole.cases.filter(one => isWanted({ check: one.check.id, resource: one.resource.name }));
  const plan = { ...whole, cases, omissions: [] };
  const progress = showProgress(io, true);
  const report = await conduct({
    spec,
    url,
    plan,
    options: { ...usualOptions('check'), workers: 16 },
    seed: drawnSeed(),
    baseline: null,
    signal: io.signal,
    onEvent: progress.onEvent,
    lookIntoStore: async key => ({ entries: await inspect(key), trouble: null }),
  });
  progress.end();
  return report;
}

function tell(
  correct: Report,
  flawed: Report,
  known: readonly Flaw[],
  { color, verbose }: DemoOptions,
  io: Io,
): number {
  const options = terminalOptions({ color, verbose, quiet: false }, io);
  io.out(`The flawed side: ${plural(known.length, 'copy', 'copies')} of the API, each with one flaw\n\n`);
  io.out(renderTerminal(flawed, options));
  io.out('\nThe correct side\n\n');
  io.out(renderTerminal(correct, options));
  const missed = known.filter(flaw => !isFound(flaw, flawed.results));
  const cried = correct.results.filter(({ verdict }) => verdict === 'fail' || verdict === 'warn');
  for (const { id, title, exposes } of missed) io.out(`\nmissed: ${id} (${exposes.check} ${exposes.code}): ${title}`);
  for (const { id } of cried) io.out(`\nfalse alarm on the correct side: ${id}`);
  const isGood = missed.length === 0 && cried.length === 0;
  const found = known.length - missed.length;
  io.out(
    `\n${found} of ${plural(known.length, 'flaw')} found, ${plural(cried.length, 'false alarm')} on the correct side.\n` +
      (isGood
        ? 'A run on an API with these flaws would have ended with exit code 1. Next: idem-check run my-spec.yaml --url http://...\n'
        : ''),
  );
  tellBugs(flawed, io);
  tellBugs(correct, io);
  if (io.signal.aborted) return EXIT.interrupted;
  if ([flawed, correct].some(({ exitCode }) => exitCode === EXIT.usage)) return EXIT.usage;
  return isGood ? EXIT.ok : EXIT.findings;
}

/** Whether the check a flaw is there for found it, and nothing else. */
function isFound({ id, exposes }: Flaw, results: readonly ReportResult[]): boolean {
  const variant = exposes.variant ?? null;
  return results.some(
    result =>
      result.resource === `${exposes.resource}-${id}` &&
      result.check === exposes.check &&
      result.variant === variant &&
      result.findings.length > 0 &&
      result.findings.every(({ code }) => code === exposes.code),
  );
}
