import type { Cut, Exchange, Request, Sessions } from '../core/http.js';
import type { RecordedExchange } from '../core/report.js';
import type { Outgoing, Resource } from '../core/resource.js';
import { WHOLE, type Sync } from '../core/sync.js';
import type { Callers, Clock, Credential, Transport, Wire } from '../core/transport.js';
import { createAllowance, type Allowance, type Budgets } from './budgets.js';
import { createLock } from './lock.js';
import { createJournal, type Journal, type Place, type TurnedAway } from './journal.js';
import { createLedger, type Ledger } from './ledger.js';

export type { Budgets };

/** How long an interrupted run waits for answers still to come, milliseconds. */
const GRACE_MS = 3_000;

/** The one way onto the wire: numbers and records every request, keeps the budgets, gives a race the wire to itself. */
export interface Session {
  readonly ledger: Ledger;
  readonly exchanges: readonly RecordedExchange[];
  readonly turnedAway: readonly TurnedAway[];
  readonly send: (sent: Outgoing, place: Place, callers: Callers, next?: string) => Promise<Exchange>;
  /** A request of the user's own (a hook): recorded, with nothing to clean up after it. */
  readonly sendAside: (request: Request, place: Place, callers: Callers) => Promise<Exchange>;
  /** One request, ended at a cut; `halfWayMs` is half of the operation's usual latency. */
  readonly interrupt: (
    sent: Outgoing,
    cutting: { readonly cut: Cut; readonly halfWayMs: number },
    place: Place,
    callers: Callers,
  ) => Promise<Exchange>;
  /** All released at once, as one caller; the rounds of a race take turns among the ways that work at the target, unless they are to go out whole, and among one session and several. */
  readonly together: (
    sent: readonly Outgoing[],
    warmUp: Outgoing | null,
    place: Place,
    callers: Callers,
    isWhole?: boolean,
  ) => Promise<readonly Exchange[]>;
  /**
   * Each released so many milliseconds after the first, as one caller, beside whatever else goes on. An interrupt holds
   * back those that have not gone out.
   */
  readonly staggered: (
    sent: readonly Outgoing[],
    afterMs: readonly number[],
    place: Place,
    callers: Callers,
  ) => Promise<readonly Exchange[]>;
  /** From now on nothing is refused for a budget or an interrupt: the clean-up has its way. */
  readonly lastWords: () => void;
  /** The budget that was used up, if one was. */
  readonly spent: () => string | null;
}

export function createSession(input: {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly budgets: Budgets;
  readonly resources: readonly Resource[];
  readonly signal: AbortSignal;
}): Session {
  const { transport, clock, signal } = input;
  const ledger = createLedger(input.resources);
  const { record, ...kept } = createJournal(ledger);
  const spending = { requests: () => kept.exchanges.length, records: () => ledger.all().length };
  const allowance = createAllowance(input.budgets, spending, { clock, signal });
  const onWire = createEntry(allowance);
  const afterGrace = abortedAfterGrace(signal, clock);
  const never = new AbortController().signal;
  let abort = afterGrace;

  const sendOne = (sent: Outgoing | null, place: Place, callers: Callers, put: Put): Promise<Exchange> =>
    onWire(
      { count: 1, mode: 'shared' },
      () => callers(sent?.identity),
      async credential => record(sent, place, 0, await put(credential, abort)),
    );

  return {
    ledger,
    ...kept,
    spent: allowance.spent,
    lastWords() {
      allowance.lift();
      abort = never;
    },
    send: (sent, place, callers, next) =>
      sendOne(sent, place, callers, (credential, given) =>
        transport.send(atUrl(sent.request, next), credential, given),
      ),
    sendAside: (request, place, callers) =>
      sendOne(null, place, callers, (credential, given) => transport.send(request, credential, given)),
    interrupt: (sent, { cut, halfWayMs }, place, callers) =>
      sendOne(sent, place, callers, (credential, given) =>
        transport.interrupt(sent.request, cut, halfWayMs, credential, given),
      ),
    together: (sent, warmUp, place, callers, isWhole = false) =>
      onWire(
        { count: sent.length, mode: 'alone' },
        async () => callers(callerOfAll(sent)),
        async credential => {
          const turn = turnOf(place.round, await transport.ways());
          const way = isWhole ? WHOLE : turn.sync;
          const requests = sent.map(({ request }) => request);
          const warm = warmUp?.request ?? null;
          const raced = await transport.together(requests, warm, credential, afterGrace, way, turn.sessions);
          return recordRace(record, { sent, warmUp, place }, raced);
        },
      ),
    staggered: staggering(onWire, { clock, signal }, async (one, place, lane, credential) =>
      record(one, place, lane, await transport.send(one.request, credential, abort)),
    ),
  };
}

/** Lets so many requests of one caller onto the wire: within the budgets, at the pace, beside others or alone. */
function createEntry({ admit, paced }: Allowance) {
  const wire = createLock();
  return async <Result>(
    { count, mode }: { readonly count: number; readonly mode: 'shared' | 'alone' },
    credentials: () => Promise<Credential>,
    work: (credential: Credential) => Promise<Result>,
  ): Promise<Result> => {
    admit(count);
    const credential = await credentials();
    await paced(count);
    const leave = await wire.enter(mode);
    try {
      admit(count);
      return await work(credential);
    } finally {
      leave();
    }
  };
}

/** Lets requests out one by one, each at its time; an interrupt holds back those that are not out yet. */
function staggering(
  onWire: ReturnType<typeof createEntry>,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
  put: (one: Outgoing, place: Place, lane: number, credential: Credential) => Promise<Exchange>,
): Session['staggered'] {
  return (sent, afterMs, place, callers) =>
    onWire(
      { count: sent.length, mode: 'shared' },
      async () => callers(callerOfAll(sent)),
      async credential => {
        const going = sent.map(async (one, lane) => {
          const ms = afterMs[lane] ?? 0;
          if (ms > 0) await clock.sleep(ms, signal);
          return ms > 0 && signal.aborted ? [] : [await put(one, place, lane, credential)];
        });
        return (await Promise.all(going)).flat();
      },
    );
}

/** Puts a request on the wire. */
type Put = (credential: Credential, abort: AbortSignal) => Promise<Wire>;

/** The rounds of a race take turns among the ways, and, once each had its turn, among one session and several. */
function turnOf(
  round: number,
  ways: readonly Sync[],
): { readonly sync: Sync | undefined; readonly sessions: Sessions } {
  const isOdd = Math.floor(round / ways.length) % 2 === 1;
  return { sync: ways[round % ways.length], sessions: isOdd ? 'several' : 'one' };
}

/** Records the warm-ups of a race, then its requests in their order. */
function recordRace(
  record: Journal['record'],
  {
    sent,
    warmUp,
    place,
  }: { readonly sent: readonly Outgoing[]; readonly warmUp: Outgoing | null; readonly place: Place },
  { released, warmUps }: Awaited<ReturnType<Transport['together']>>,
): readonly Exchange[] {
  const warmUpPlace = { ...place, step: `${place.step} warm-up` };
  if (warmUp !== null) warmUps.forEach((wired, lane) => record(warmUp, warmUpPlace, lane, wired));
  return sent.map((one, lane) => record(one, place, lane, wireOf(released, lane)));
}

/**
 * What is on the wire when the run is interrupted may still be answered for a while: what it created can only be
 * deleted once it is known.
 */
function abortedAfterGrace(signal: AbortSignal, clock: Clock): AbortSignal {
  const late = new AbortController();
  const abort = () => void clock.sleep(GRACE_MS).then(() => late.abort());
  if (signal.aborted) abort();
  else signal.addEventListener('abort', abort, { once: true });
  return late.signal;
}

function callerOfAll([first, ...rest]: readonly Outgoing[]): string | undefined {
  if (rest.some(({ identity }) => identity !== first?.identity))
    throw new RangeError('what goes out together goes out as one caller');
  return first?.identity;
}

/** The same request, at an absolute URL where the server gave one (a next page). */
function atUrl(request: Request, url?: string): Request {
  return url === undefined ? request : { ...request, path: url };
}

function wireOf(released: readonly Wire[], lane: number): Wire {
  const wired = released[lane];
  if (wired === undefined) throw new RangeError(`the transport answered ${released.length} requests, not ${lane + 1}`);
  return wired;
}
