import type { Cut, Exchange, Request } from '../core/http.js';
import type { RecordedExchange } from '../core/report.js';
import type { Outgoing, Resource } from '../core/resource.js';
import { WHOLE } from '../core/sync.js';
import type { Callers, Clock, Credential, Transport, Wire } from '../core/transport.js';
import { Trouble } from '../core/trouble.js';
import { createGate } from './gate.js';
import { createLedger, type Ledger } from './ledger.js';

/** Limits that stop a run with its report written; `null` = none. */
export interface Budgets {
  readonly maxRequests: number | null;
  readonly maxTimeMs: number | null;
  readonly maxLeftovers: number | null;
  /** Requests a millisecond at most. */
  readonly rate: { readonly requests: number; readonly perMs: number } | null;
}

/** How long an interrupted run waits for answers still to come, milliseconds. */
const GRACE_MS = 3_000;

/** Where in the run a request belongs. */
export interface Place {
  readonly result: string;
  readonly step: string;
  readonly attempt: number;
  readonly round: number;
}

/** The one way onto the wire: numbers and records every request, keeps the budgets, gives a race the wire to itself. */
export interface Session {
  readonly ledger: Ledger;
  readonly exchanges: readonly RecordedExchange[];
  /** Name of the operation an exchange belongs to. */
  readonly operationOf: (n: number) => string | undefined;
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
  const { transport, clock, budgets, signal } = input;
  const wire = createGate();
  const ledger = createLedger(input.resources);
  const exchanges: RecordedExchange[] = [];
  const operations = new Map<number, string>();
  const neverAborted = new AbortController().signal;
  const wireSignal = afterGrace(signal, clock);
  let isEnding = false;
  let spent: string | null = null;
  let nextFreeMs = 0;

  function admit(count: number): void {
    if (isEnding) return;
    if (signal.aborted) throw new Trouble('interrupted');
    spent ??= spentBudget(count);
    if (spent !== null) throw new Trouble('budget', { budget: spent });
  }

  function spentBudget(count: number): string | null {
    const { maxRequests, maxTimeMs, maxLeftovers } = budgets;
    if (maxRequests !== null && exchanges.length + count > maxRequests) return `--max-requests ${maxRequests}`;
    if (maxTimeMs !== null && clock.nowUs() / 1000 > maxTimeMs) return `--max-time ${maxTimeMs / 1000}s`;
    if (maxLeftovers !== null && ledger.all().length >= maxLeftovers) return `--max-leftovers ${maxLeftovers}`;
    return null;
  }

  async function paced(count: number): Promise<void> {
    if (budgets.rate === null) return;
    const nowMs = clock.nowUs() / 1000;
    const startMs = Math.max(nowMs, nextFreeMs);
    nextFreeMs = startMs + (count * budgets.rate.perMs) / budgets.rate.requests;
    if (startMs > nowMs) await clock.sleep(startMs - nowMs, isEnding ? neverAborted : signal);
  }

  function record(sent: Outgoing | null, place: Place, lane: number, wired: Wire): Exchange {
    const { result, ...rest } = place;
    const exchange: Exchange = { n: exchanges.length + 1, ...rest, lane, ...wired };
    exchanges.push({ ...exchange, result, ...(sent?.identity === undefined ? {} : { identity: sent.identity }) });
    if (sent !== null) {
      operations.set(exchange.n, sent.operation.name);
      ledger.observe(sent, exchange);
    }
    return exchange;
  }

  async function sendOne(
    sent: Outgoing | null,
    place: Place,
    callers: Callers,
    put: (credential: Credential, abort: AbortSignal) => Promise<Wire>,
  ): Promise<Exchange> {
    admit(1);
    const credential = await callers(sent?.identity);
    await paced(1);
    const leave = await wire.enter('shared');
    try {
      admit(1);
      return record(sent, place, 0, await put(credential, isEnding ? neverAborted : wireSignal));
    } finally {
      leave();
    }
  }

  return {
    ledger,
    exchanges,
    operationOf: n => operations.get(n),
    spent: () => spent,
    lastWords: () => {
      isEnding = true;
    },
    send: (sent, place, callers, next) =>
      sendOne(sent, place, callers, (credential, abort) => {
        const request = next === undefined ? sent.request : atUrl(sent.request, next);
        return transport.send(request, credential, abort);
      }),
    sendAside: (request, place, callers) =>
      sendOne(null, place, callers, (credential, abort) => transport.send(request, credential, abort)),
    interrupt: (sent, { cut, halfWayMs }, place, callers) =>
      sendOne(sent, place, callers, (credential, abort) =>
        transport.interrupt(sent.request, cut, halfWayMs, credential, abort),
      ),
    async together(sent, warmUp, place, callers, isWhole = false) {
      admit(sent.length);
      const credential = await callers(raceCaller(sent));
      await paced(sent.length);
      const leave = await wire.enter('alone');
      try {
        admit(sent.length);
        const requests = sent.map(({ request }) => request);
        const ways = await transport.ways();
        const turn = Math.floor(place.round / ways.length);
        const { released, warmUps } = await transport.together(
          requests,
          warmUp?.request ?? null,
          credential,
          wireSignal,
          isWhole ? WHOLE : ways[place.round % ways.length],
          turn % 2 === 0 ? 'one' : 'several',
        );
        if (warmUp !== null) {
          warmUps.forEach((wired, lane) => record(warmUp, { ...place, step: `${place.step} warm-up` }, lane, wired));
        }
        return sent.map((one, lane) => record(one, place, lane, wireOf(released, lane)));
      } finally {
        leave();
      }
    },
  };
}

/**
 * What is on the wire when the run is interrupted may still be answered for a while: what it created can only be
 * deleted once it is known.
 */
function afterGrace(signal: AbortSignal, clock: Clock): AbortSignal {
  const late = new AbortController();
  const abort = () => void clock.sleep(GRACE_MS).then(() => late.abort());
  if (signal.aborted) abort();
  else signal.addEventListener('abort', abort, { once: true });
  return late.signal;
}

function raceCaller([first, ...rest]: readonly Outgoing[]): string | undefined {
  if (rest.some(({ identity }) => identity !== first?.identity)) throw new RangeError('a race goes out as one caller');
  return first?.identity;
}

/** The same request at an absolute URL the server gave (a next page). */
function atUrl(request: Request, url: string): Request {
  return { ...request, path: url };
}

function wireOf(released: readonly Wire[], lane: number): Wire {
  const wired = released[lane];
  if (wired === undefined) throw new RangeError(`the transport answered ${released.length} requests, not ${lane + 1}`);
  return wired;
}
