import { isVoid, type Sync } from '../core/http.js';
import type { Wire } from '../core/transport.js';
import type { Composed } from './compose.js';
import { releaseLines, type Released } from './release-lines.js';
import type { SyncChoice, Wiring } from './wiring.js';

/** The ways to release a race at one target. */
export interface Releases {
  /** Those that work, best first. */
  readonly ways: (signal: AbortSignal) => Promise<readonly Sync[]>;
  /** Releases the requests in this way; `null` = the best. */
  readonly release: (
    sync: Sync | null,
    requests: readonly Composed[],
    warmUp: Composed | null,
    signal: AbortSignal,
  ) => Promise<Released>;
}

export interface ReleasesOptions {
  readonly sync?: SyncChoice;
  readonly h2c?: boolean;
  readonly onDropped?: (sync: Sync, why: string) => void;
}

/** Finds out, when first asked, what works at the target; a way the server does not bear is not used again. */
export function createReleases(
  wiring: Wiring,
  { sync: choice = 'auto', h2c = false, onDropped = () => {} }: ReleasesOptions,
): Releases {
  const dropped = new Set<Sync>();
  let found: readonly Sync[] | null = null;

  function drop(sync: Sync, why: string): void {
    if (dropped.has(sync)) return;
    dropped.add(sync);
    onDropped(sync, why);
  }

  async function ways(signal: AbortSignal): Promise<readonly Sync[]> {
    found ??= await look(signal);
    // Whole requests are what every server bears.
    const rest = found.map(way => (dropped.has(way) ? 'barrier' : way));
    return [...new Set(rest)];
  }

  async function look(signal: AbortSignal): Promise<readonly Sync[]> {
    if (choice === 'last-byte' || choice === 'barrier') return [choice];
    return ['last-byte'];
  }

  return {
    ways,
    async release(asked, requests, warmUp, signal) {
      const possible = await ways(signal);
      const sync = asked !== null && !dropped.has(asked) ? asked : (possible[0] ?? 'barrier');
      const outcome = await releaseLines(
        wiring,
        sync === 'single-packet' ? 'last-byte' : sync,
        requests,
        warmUp,
        signal,
      );
      const early = outcome.released.find(wasRefusedEarly);
      if (early !== undefined) drop(sync, whyOf(early));
      return outcome;
    },
  };
}

/** A server that is only busy says so at any time. */
function wasRefusedEarly({ early, response }: Wire): boolean {
  return early === true && (response === null || !isVoid(response.status));
}

function whyOf({ response, lostDetail }: Wire): string {
  return response === null
    ? `a request was given up by the server before its last byte was sent: ${lostDetail ?? ''}`
    : `a request was answered with ${response.status} before its last byte was sent`;
}
