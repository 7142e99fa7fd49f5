import type { Exchange } from '../core/http.js';
import type { OracleKind, Reading } from '../core/reading.js';
import type { Outgoing } from '../core/resource.js';
import type { Counted } from '../core/step.js';

/** What an oracle asks for while it counts: a safe request, or a command of the user's. */
export type OracleStep =
  | { readonly kind: 'request'; readonly outgoing: Outgoing; readonly next?: string }
  | { readonly kind: 'command'; readonly command: string };

/** The answer to an oracle's step. */
export type OracleAnswer =
  | { readonly kind: 'exchange'; readonly exchange: Exchange }
  | { readonly kind: 'output'; readonly stdout: string; readonly trouble: string | null };

/** A count before the engine has put it in its place in the run. */
export type Count = Omit<Reading, 'step' | 'attempt' | 'round' | 'exchanges'>;

/** A way of counting effects. Reading is a generator: it yields what it needs asked, and does no I/O. */
export interface Oracle {
  readonly kind: OracleKind;
  readonly read: (counted: Counted) => Generator<OracleStep, Count, OracleAnswer>;
}

/** A count that did not come about. */
export function uncounted(kind: OracleKind, trouble: string): Count {
  return { kind, count: null, ids: [], value: null, trouble };
}

/** Asks for one exchange. */
export function* ask(outgoing: Outgoing, next?: string): Generator<OracleStep, Exchange, OracleAnswer> {
  const answer = yield next === undefined ? { kind: 'request', outgoing } : { kind: 'request', outgoing, next };
  if (answer.kind !== 'exchange') throw new RangeError('a request of an oracle got no exchange');
  return answer.exchange;
}
