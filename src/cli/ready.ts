import type { KnownResults } from '../report/baseline.js';
import type { ReportContext } from '../report/build.js';
import { drawnSeed } from './arrangers.js';
import { readBaseline } from './baseline-file.js';
import { contractOf } from './contract-file.js';
import type { OptionsOf } from './flags/options.js';
import type { Io } from './io.js';
import { prepare, type Prepared, type SpecSource } from './prepare.js';
import { targetOf } from './target-of.js';
import { waitFor } from './wait-for.js';

/** All that a run needs before its first request. */
export interface Ready extends Prepared {
  readonly url: string;
  readonly seed: number;
  /** Results that were known before; `null` without `--baseline`. */
  readonly baseline: KnownResults | null;
  readonly contract: NonNullable<ReportContext['contract']>;
}

/**
 * Reads everything that the options name, and waits for the target where they say so. Sends nothing. Throws UsageError
 * and SpecError for what cannot be used.
 */
export async function ready(
  source: SpecSource,
  options: OptionsOf<'check'>,
  io: Pick<Io, 'env' | 'cwd' | 'signal'>,
  isBaselineRead = true,
): Promise<Ready> {
  const seed = options.seed ?? drawnSeed();
  const prepared = await prepare(source, options, io, seed);
  const url = targetOf(prepared.spec.url, options);
  const baseline = options.baseline === null || !isBaselineRead ? null : await readBaseline(options.baseline);
  const contract = await contractOf(options.contract);
  if (options.waitForUrl !== null) await waitFor(url, options.waitForUrl, io.signal);
  return { ...prepared, url, seed, baseline, contract };
}
