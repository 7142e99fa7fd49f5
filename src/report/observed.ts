import type { Exchange } from '../core/http.js';
import type { OracleKind, Reading } from '../core/reading.js';
import type { Result } from '../core/report.js';
import { groupBy } from './group-by.js';
import { plural } from './sentence.js';

const COUNTED_BY = {
  list: 'by the list',
  filter: 'by the filtered list',
  identity: 'by id',
  number: 'by the number',
  view: 'by what moved',
  command: 'by the command',
  store: 'in the store',
  none: 'by nothing',
} as const satisfies Record<OracleKind, string>;

const MOST_STEPS = 8;
/** So many things that moved are told. */
const MOST_MOVED = 4;

/**
 * What was seen, in one line: per step the statuses, then the effects counted (`first 201, replay 201; 2 effects by the
 * list`). Of a finding its own rounds, of anything else the whole last attempt. Empty when nothing was sent.
 */
export function observedIn(result: Result, exchanges: readonly Exchange[]): string {
  const proof = new Set(result.findings.flatMap(finding => finding.exchanges));
  const proven = exchanges.filter(({ n }) => proof.has(n));
  const attempt = (proven.at(-1) ?? exchanges.at(-1))?.attempt;
  const rounds = new Set(proven.filter(exchange => exchange.attempt === attempt).map(({ round }) => round));
  const isMine = (item: { readonly attempt: number; readonly round: number }) =>
    item.attempt === attempt && (rounds.size === 0 || rounds.has(item.round));
  const counting = new Set(result.readings.flatMap(reading => reading.exchanges));
  const shown = exchanges.filter(
    exchange => isMine(exchange) && !counting.has(exchange.n) && !exchange.step.startsWith('set-up '),
  );
  const counted = countedIn(result.readings.filter(isMine));
  return [stepsIn(shown), counted].filter(part => part !== '').join('; ');
}

/** What is told of an exchange: its status, or how its answer was lost. */
export interface Answering {
  readonly response: { readonly status: number } | null;
  readonly lost: string | null;
}

/** The statuses of exchanges: `201`, or `2 × 201, 8 × 409` where there are several. */
export function statusesOf(exchanges: readonly Answering[]): string {
  const tally = new Map<string, number>();
  for (const { response, lost } of exchanges) {
    const status = response !== null && lost === null ? String(response.status) : `no answer (${lost ?? 'reset'})`;
    tally.set(status, (tally.get(status) ?? 0) + 1);
  }
  if (exchanges.length === 1) return [...tally.keys()].join('');
  return [...tally]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([status, count]) => `${count} × ${status}`)
    .join(', ');
}

/** The last count of each round, as one phrase; empty when nothing was counted. */
export function countedIn(readings: readonly Reading[]): string {
  const last = new Map(readings.filter(hasCount).map(reading => [`${reading.attempt}/${reading.round}`, reading]));
  const finals = [...last.values()];
  const [first] = finals;
  if (first === undefined) return '';
  const counts = finals.map(({ count }) => count);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  const effects = least === most ? plural(most, 'effect') : `${least} to ${most} effects`;
  const where = finals.length === 1 ? '' : ` in each of ${finals.length} rounds`;
  return `${effects}${where}, counted ${COUNTED_BY[first.kind]}${movedIn(finals)}`;
}

/** What moved, of the reading that counted most. */
function movedIn(readings: readonly (Reading & { readonly count: number })[]): string {
  const [most] = readings.filter(({ kind }) => kind === 'view').toSorted((a, b) => b.count - a.count);
  const moved = most?.moved ?? [];
  if (moved.length === 0) return '';
  const rest = moved.length <= MOST_MOVED ? '' : ` and ${moved.length - MOST_MOVED} more`;
  return `: ${moved.slice(0, MOST_MOVED).join(', ')}${rest}`;
}

function hasCount(reading: Reading): reading is Reading & { readonly count: number } {
  return reading.count !== null;
}

function stepsIn(exchanges: readonly Exchange[]): string {
  const steps = groupBy(exchanges, exchange => exchange.step);
  const described = [...steps].map(([step, members]) => `${step} ${statusesOf(members)}`);
  if (described.length <= MOST_STEPS) return described.join(', ');
  return [...described.slice(0, MOST_STEPS - 1), `and ${described.length - MOST_STEPS + 1} more steps`].join(', ');
}
