import { isVoid, type Sessions, type Sync } from '../core/http.js';
import type { Wire } from '../core/transport.js';
import type { Composed } from './compose.js';
import { releaseLines, type Released } from './release-lines.js';
import { speaksH2 } from './h2-session.js';
import { releaseStreams } from './release-streams.js';
import type { SyncChoice, Wiring } from './wiring.js';

/** The ways to release a race at one target. */
export interface Releases {
  /** Those that work, best first. */
  readonly ways: (signal: AbortSignal) => Promise<readonly Sync[]>;
  /** Releases the requests in this way; `sync: null` = the best. */
  readonly release: (
    how: { readonly sync: Sync | null; readonly sessions: Sessions },
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
  let looking: Promise<readonly Sync[] | null> | null = null;

  function drop(sync: Sync, why: string): void {
    if (dropped.has(sync)) return;
    dropped.add(sync);
    onDropped(sync, why);
  }

  async function ways(signal: AbortSignal): Promise<readonly Sync[]> {
    looking ??= look(signal);
    const found = await looking;
    // A target that could not be reached may be reached later.
    if (found === null) looking = null;
    const wanted = found ?? ['last-byte' as const];
    const left = wanted.filter(way => !dropped.has(way));
    // Whole requests are what every server bears.
    return left.length === wanted.length ? left : [...new Set([...left, 'barrier' as const])];
  }

  async function look(outer: AbortSignal): Promise<readonly Sync[] | null> {
    if (choice === 'last-byte' || choice === 'barrier') return [choice];
    const deadline = wiring.warmUpDeadline(outer);
    try {
      const isH2 = await speaksH2(wiring, h2c, deadline.signal);
      if (isH2) return choice === 'auto' ? ['single-packet', 'last-byte'] : ['single-packet'];
    } catch {
      return null;
    } finally {
      deadline.stop();
    }
    if (choice === 'single-packet') onDropped('single-packet', 'the target does not offer HTTP/2');
    return ['last-byte'];
  }

  /** What a race asks for, or what stands in for it. */
  function standIn(asked: Sync, possible: readonly Sync[], requests: readonly Composed[]): Sync {
    const sync = dropped.has(asked) ? (possible.find(way => way !== asked) ?? 'barrier') : asked;
    // HTTP/2 has no bytes of a request to keep.
    return sync === 'single-packet' && requests.some(({ isVerbatim }) => isVerbatim) ? 'last-byte' : sync;
  }

  return {
    ways,
    async release({ sync: asked, sessions }, requests, warmUp, signal) {
      const possible = await ways(signal);
      const sync = standIn(asked ?? possible[0] ?? 'barrier', possible, requests);
      const outcome =
        sync === 'single-packet'
          ? await releaseStreams(wiring, requests, warmUp, { signal, sessions })
          : await releaseLines(wiring, sync, requests, warmUp, signal);
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
