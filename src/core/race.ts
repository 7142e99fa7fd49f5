import type { Exchange } from './http.js';
import type { Sync } from './sync.js';

/** How hard a race looked: per way of release the rounds, how many overlapped, and in how many something was found. */
export interface RacePower {
  readonly ways: readonly {
    readonly sync: Sync;
    readonly rounds: number;
    readonly overlapping: number;
    readonly hits: number;
  }[];
  readonly widths: readonly number[];
  /** The same by way and width, in the order played. */
  readonly table: readonly RaceRow[];
  /** Release spread at the client per round (last minus first write), microseconds. */
  readonly spreadUs: { readonly median: number; readonly max: number } | null;
}

/** Rounds of one way and one width. */
export interface RaceRow {
  readonly sync: Sync;
  readonly width: number;
  readonly rounds: number;
  readonly overlapping: number;
  readonly hits: number;
}

/** What a release is judged by; an exchange of a report has it too. */
export interface Flight {
  readonly response: object | null;
  readonly lost: string | null;
  readonly writtenAtUs: number | null;
  readonly firstByteAtUs: number | null;
  readonly early?: boolean;
}

/**
 * Whether at least two requests were in flight together: from the last byte of each handed to the socket until the
 * first byte of its answer (racing harness rule, pairwise). Never when one was answered before the release.
 */
export function overlaps(exchanges: readonly Flight[]): boolean {
  if (exchanges.some(({ early }) => early === true)) return false;
  const flights = exchanges
    .filter(({ response, lost }) => response !== null && lost === null)
    .flatMap(({ writtenAtUs, firstByteAtUs }) =>
      writtenAtUs === null || firstByteAtUs === null ? [] : [{ from: writtenAtUs, to: firstByteAtUs }],
    )
    .toSorted((a, b) => a.from - b.from);
  let inFlightUntil = -Infinity;
  for (const { from, to } of flights) {
    if (from < inFlightUntil) return true;
    inFlightUntil = Math.max(inFlightUntil, to);
  }
  return false;
}

/** The rounds of a step, each with its exchanges; a round of a later attempt counts by itself. */
export function roundsIn(exchanges: readonly Exchange[], step: string): readonly (readonly Exchange[])[] {
  const rounds = new Map<string, Exchange[]>();
  for (const exchange of exchanges) {
    if (exchange.step !== step || exchange.sync === null) continue;
    const key = `${exchange.attempt}/${exchange.round}`;
    rounds.set(key, [...(rounds.get(key) ?? []), exchange]);
  }
  return [...rounds.values()];
}

/** What the exchanges of a case say about its races; `null` when it had none. `proof` are the numbers findings rest on. */
export function racePower(exchanges: readonly Exchange[], proof: ReadonlySet<number>): RacePower | null {
  const steps = new Set(exchanges.filter(({ sync }) => sync !== null).map(({ step }) => step));
  const rounds = [...steps].flatMap(step => roundsIn(exchanges, step));
  if (rounds.length === 0) return null;
  const syncs = new Set(rounds.flatMap(round => round.flatMap(({ sync }) => (sync === null ? [] : [sync]))));
  const spreads = rounds.flatMap(spreadOf).toSorted((a, b) => a - b);
  const median = spreads[Math.floor((spreads.length - 1) / 2)];
  const max = spreads.at(-1);
  return {
    ways: [...syncs].map(sync => {
      const own = rounds.filter(round => round.some(exchange => exchange.sync === sync));
      return {
        sync,
        rounds: own.length,
        overlapping: own.filter(overlaps).length,
        hits: own.filter(round => round.some(({ n }) => proof.has(n))).length,
      };
    }),
    table: tableOf(rounds, proof),
    widths: [...new Set(rounds.map(sentIn))].filter(width => width > 0).toSorted((a, b) => a - b),
    spreadUs: median === undefined || max === undefined ? null : { median, max },
  };
}

function tableOf(rounds: readonly (readonly Exchange[])[], proof: ReadonlySet<number>): readonly RaceRow[] {
  const rows = new Map<string, RaceRow>();
  for (const round of rounds) {
    const sync = round.find(exchange => exchange.sync !== null)?.sync ?? null;
    if (sync === null) continue;
    const width = sentIn(round);
    const key = `${sync}/${width}`;
    const row = rows.get(key) ?? { sync, width, rounds: 0, overlapping: 0, hits: 0 };
    rows.set(key, {
      ...row,
      rounds: row.rounds + 1,
      overlapping: row.overlapping + (overlaps(round) ? 1 : 0),
      hits: row.hits + (round.some(({ n }) => proof.has(n)) ? 1 : 0),
    });
  }
  return [...rows.values()];
}

/** How many requests of a round went out. */
function sentIn(round: readonly Exchange[]): number {
  return round.filter(({ sentAtUs }) => sentAtUs !== null).length;
}

/** Last minus first write of a release, microseconds; empty when fewer than two were written. */
export function spreadOf(round: readonly Flight[]): readonly number[] {
  const written = round.flatMap(({ writtenAtUs }) => (writtenAtUs === null ? [] : [writtenAtUs]));
  return written.length < 2 ? [] : [Math.max(...written) - Math.min(...written)];
}
