import { isVoid, type Sessions } from '../core/http.js';
import { SYNC_NAMES, WHOLE, type Sync, type SyncChoice } from '../core/sync.js';
import type { Wire } from '../core/transport.js';
import type { Composed } from './compose.js';
import type { Released, Way } from './way.js';
import { WAYS } from './ways.js';
import type { Wiring } from './wiring.js';

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

/** What a race takes by itself, best first: whole requests are only the last resort. */
const USUAL = SYNC_NAMES.filter(sync => sync !== WHOLE);

/** Those among them that every target lets try. */
const UNDEMANDING = USUAL.filter(needsNothing);

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
    const wanted = found ?? UNDEMANDING;
    const left = wanted.filter(sync => !dropped.has(sync));
    return left.length === wanted.length ? left : [...new Set([...left, WHOLE])];
  }

  /** Those among the wanted ones that work, or those that need nothing; `null` when that cannot be found out. */
  async function look(signal: AbortSignal): Promise<readonly Sync[] | null> {
    const found = await triedOut(choice === 'auto' ? USUAL : [choice], wiring, h2c, signal);
    if (found === null || found.possible.length > 0) return found?.possible ?? null;
    // Who asked for a way by name is told that there is none.
    found.unmet.forEach((why, sync) => onDropped(sync, why));
    return UNDEMANDING;
  }

  /** What a race asks for, or what stands in for it. */
  function standIn(asked: Sync, possible: readonly Sync[], requests: readonly Composed[]): Sync {
    const isFit = (sync: Sync) => !dropped.has(sync) && requests.every(one => wayOf(sync).bears(one));
    return [asked, ...possible, ...UNDEMANDING].find(isFit) ?? WHOLE;
  }

  return {
    ways,
    async release({ sync: asked, sessions }, requests, warmUp, signal) {
      const possible = await ways(signal);
      const sync = standIn(asked ?? possible[0] ?? WHOLE, possible, requests);
      const outcome = await wayOf(sync).release(wiring, { requests, warmUp, sessions, signal });
      const early = outcome.released.find(wasRefusedEarly);
      if (early !== undefined) drop(sync, whyOf(early));
      return outcome;
    },
  };
}

/** Which of these ways work at the target, and why not the others; `null` when it cannot be reached. */
async function triedOut(
  wanted: readonly Sync[],
  wiring: Wiring,
  h2c: boolean,
  outer: AbortSignal,
): Promise<{ readonly possible: readonly Sync[]; readonly unmet: ReadonlyMap<Sync, string> } | null> {
  const unmet = new Map<Sync, string>();
  if (wanted.every(needsNothing)) return { possible: wanted, unmet };
  const deadline = wiring.warmUpDeadline(outer);
  try {
    for (const sync of wanted) {
      const { need } = wayOf(sync);
      if (need !== null && !(await need.isMet(wiring, h2c, deadline.signal))) unmet.set(sync, need.unmet);
    }
  } catch {
    return null;
  } finally {
    deadline.stop();
  }
  return { possible: wanted.filter(sync => !unmet.has(sync)), unmet };
}

function wayOf(sync: Sync): Way {
  return WAYS[sync];
}

function needsNothing(sync: Sync): boolean {
  return wayOf(sync).need === null;
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
