import type { Counted } from '../core/step.js';
import type { Reading } from '../core/reading.js';
import type { Count, Oracle, OracleAnswer, OracleStep } from '../oracle/oracle.js';
import { header, isAnswered, isVoid, type Answered, type Exchange } from '../core/http.js';
import { retryAfterMs } from '../core/retry-after.js';
import type { Outgoing } from '../core/resource.js';

/** What reading effects needs of the engine. */
export interface EffectsPorts {
  readonly oracleOf: (counted: Counted) => Oracle;
  readonly send: (outgoing: Outgoing, round: number, next?: string) => Promise<Exchange>;
  readonly runCommand: (command: string) => Promise<{ readonly stdout: string; readonly trouble: string | null }>;
  readonly sleep: (ms: number) => Promise<void>;
  /** A pause in which the place of the case stays its own: several counts may pause at a time. */
  readonly pause: (ms: number) => Promise<void>;
  readonly settleMs: number;
  readonly attempt: number;
}

/** More readings than this never agree: the last one stands, and says so. */
const MOST_READINGS = 5;
/** A read that is turned away is made so often in all, with pauses of at most so many milliseconds. */
const MOST_LOOKS = 4;
const LONGEST_PAUSE_MS = 5000;

/** Reads the effects of several scopes once; a list that shows the records of all of them is asked for once. */
export async function readOnce(
  step: string,
  counted: readonly Counted[],
  ports: EffectsPorts,
): Promise<readonly Reading[]> {
  const sharing = createSharing(ports.send);
  return Promise.all(counted.map(one => readOne(step, one, { ...ports, send: sharing(one) })));
}

/**
 * Sends for several readings of one moment: what one of them asked of an unfiltered list is the answer to all that ask the
 * same. What a reading asks for again is sent again.
 */
function createSharing(send: EffectsPorts['send']): (counted: Counted) => EffectsPorts['send'] {
  const sent = new Map<string, Promise<Exchange>[]>();
  return ({ resource: { list } }) => {
    const asked = new Map<string, number>();
    return (outgoing, round, next) => {
      if (list === null || list.filtered || outgoing.operation !== list.operation) return send(outgoing, round, next);
      const name = JSON.stringify([outgoing.identity ?? null, outgoing.request, next ?? null, round]);
      const turn = asked.get(name) ?? 0;
      asked.set(name, turn + 1);
      const answers = sent.get(name) ?? [];
      sent.set(name, answers);
      return (answers[turn] ??= send(outgoing, round, next));
    };
  };
}

/**
 * Reads until a reading is stable: two or more effects count at once (they are proof), anything less only when a
 * second reading after the settle time agrees.
 */
export async function readSettled(
  step: string,
  counted: readonly Counted[],
  ports: EffectsPorts,
): Promise<readonly Reading[]> {
  let readings = await readOnce(step, counted, ports);
  for (let reads = 1; reads < MOST_READINGS; reads++) {
    if (readings.every(reading => (reading.count ?? 0) >= 2 || reading.kind === 'none')) return readings;
    await ports.sleep(ports.settleMs);
    const again = await readOnce(step, counted, ports);
    const isStable = again.every((reading, at) => reading.count === readings[at]?.count);
    readings = again.map((reading, at) => merged(readings[at], reading));
    if (isStable) return readings;
  }
  return readings.map(reading => ({ ...reading, trouble: reading.trouble ?? 'the readings never agreed' }));
}

/** The later reading, with the exchanges of both; an effect seen earlier was there, whatever came after. */
function merged(earlier: Reading | undefined, later: Reading): Reading {
  if (earlier === undefined) return later;
  const isHigher = (earlier.count ?? 0) >= 2 && (earlier.count ?? 0) > (later.count ?? 0);
  return { ...(isHigher ? earlier : later), exchanges: [...earlier.exchanges, ...later.exchanges] };
}

/** A read of an oracle; one that is turned away (429, 502, 503, 504) is made again, a few times: it changes nothing. */
async function looked(
  { outgoing, next }: Extract<OracleStep, { readonly kind: 'request' }>,
  { identity, round }: Counted,
  { send, pause, settleMs }: EffectsPorts,
): Promise<readonly [Exchange, ...Exchange[]]> {
  const sent = identity === undefined ? outgoing : { ...outgoing, identity };
  const looks: [Exchange, ...Exchange[]] = [await send(sent, round, next)];
  for (let exchange = looks[0]; looks.length < MOST_LOOKS && isTurnedAway(exchange);) {
    const asked = retryAfterMs(header(exchange.response, 'retry-after'), 0);
    await pause(Math.min(asked ?? settleMs * looks.length, LONGEST_PAUSE_MS));
    exchange = await send(sent, round, next);
    looks.push(exchange);
  }
  return looks;
}

function isTurnedAway(exchange: Exchange): exchange is Answered {
  return isAnswered(exchange) && isVoid(exchange.response.status) && exchange.request.method === 'GET';
}

function last(looks: readonly [Exchange, ...Exchange[]]): Exchange {
  return looks.at(-1) ?? looks[0];
}

async function readOne(step: string, counted: Counted, ports: EffectsPorts): Promise<Reading> {
  const oracle = ports.oracleOf(counted);
  const exchanges: number[] = [];
  const reading = oracle.read(counted);
  let turn = reading.next();
  while (!turn.done) {
    const asked = turn.value;
    let answer: OracleAnswer;
    if (asked.kind === 'command') answer = { kind: 'output', ...(await ports.runCommand(asked.command)) };
    else {
      const looks = await looked(asked, counted, ports);
      exchanges.push(...looks.map(({ n }) => n));
      answer = { kind: 'exchange', exchange: last(looks) };
    }
    turn = reading.next(answer);
  }
  const count: Count = turn.value;
  return { step, attempt: ports.attempt, round: counted.round, ...count, exchanges };
}
