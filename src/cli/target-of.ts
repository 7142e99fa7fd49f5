import { UsageError } from '../core/errors.js';
import { isTestHost } from '../transport/host-guard.js';
import type { TargetOptions } from './flags/options.js';
import { webAddress } from './flags/parsers.js';

/** The target, if it may be written to. Throws UsageError otherwise. */
export function targetOf(inSpec: string | null, { url: given, allowHost }: TargetOptions): string {
  const url = given ?? inSpec;
  if (url === null) throw new UsageError('no target: give --url, or target.url in the spec');
  const { hostname } = new URL(webAddress(url));
  if (!isTestHost(hostname) && !allowHost.includes(hostname)) {
    throw new UsageError(
      `${hostname} does not look like a test system, and a run creates and deletes records; if it is one, add --allow-host ${hostname}`,
    );
  }
  return url;
}
