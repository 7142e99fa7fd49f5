import { UsageError } from '../core/errors.js';
import { isTestHost } from '../transport/host-guard.js';
import type { RunFlags } from './options.js';

/** The target, if it may be written to. Throws UsageError otherwise. */
export function targetOf(url: string | null, flags: RunFlags): string {
  if (url === null) throw new UsageError('no target: give --url, or target.url in the spec');
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new UsageError(`"${url}" is no http or https URL`);
  const { hostname } = new URL(url);
  if (!isTestHost(hostname) && !(flags.allowHost ?? []).includes(hostname)) {
    throw new UsageError(
      `${hostname} does not look like a test system, and a run creates and deletes records; if it is one, add --allow-host ${hostname}`,
    );
  }
  return url;
}
