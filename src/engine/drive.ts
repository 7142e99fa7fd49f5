import type { HookRun } from '../core/hook-run.js';
import type { Exchange } from '../core/http.js';
import type { Reading } from '../core/reading.js';
import type { Outgoing } from '../core/resource.js';
import type { Answer, Counted, Probe, Step } from '../core/step.js';
import type { Callers, Clock, LookIntoStore, RunCommand } from '../core/transport.js';
import type { Oracle } from '../oracle/oracle.js';
import { readOnce, readSettled, type EffectsPorts } from './effects.js';
import { disturb } from './disturb.js';
import { watchStore } from './watch-store.js';
import { runHook, type HookPorts } from './hooks.js';
import type { Session } from './session.js';

/** What driving a probe needs. */
export interface DrivePorts {
  readonly session: Session;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly runCommand: RunCommand;
  /** Who a request goes out as; the same credential for the whole attempt. */
  readonly callers: Callers;
  readonly oracleOf: (counted: Counted) => Oracle;
  readonly settleMs: number;
  /** Half of the operation's usual latency, milliseconds. */
  readonly halfWayMs: number;
  /** `null` = the spec names no store. */
  readonly lookIntoStore: LookIntoStore | null;
  /** The hooks the case may run, and no others. */
  readonly hooks: HookPorts['hooks'];
  /** The id of the result the exchanges belong to. */
  readonly result: string;
  readonly attempt: number;
  /** Waits so many milliseconds, with the case's place free for others. */
  readonly whileAway: (ms: number) => Promise<void>;
}

/** What one attempt of a case left behind; `error` is what ended it before its time. */
export interface Trace {
  readonly exchanges: readonly Exchange[];
  readonly readings: readonly Reading[];
  readonly hooks: readonly HookRun[];
  readonly error: unknown;
}

/** Drives a probe to its end. Never throws: what stopped the probe stands in the trace. */
export async function drive<Result>(
  probe: Probe<Result>,
  ports: DrivePorts,
): Promise<Trace & { readonly value: Result | null }> {
  const exchanges: Exchange[] = [];
  const readings: Reading[] = [];
  const hooks: HookRun[] = [];
  try {
    let turn = probe.next();
    while (!turn.done) {
      const answer = await perform(
        turn.value,
        ports,
        exchange => exchanges.push(exchange),
        run => hooks.push(run),
      );
      readings.push(...answer.readings);
      turn = probe.next(answer);
    }
    return { exchanges, readings, hooks, error: null, value: turn.value };
  } catch (error) {
    return { exchanges, readings, hooks, error, value: null };
  }
}

async function perform(
  step: Step,
  ports: DrivePorts,
  keep: (exchange: Exchange) => void,
  noteHook: (run: HookRun) => void,
): Promise<Answer> {
  const { session, clock, callers, result, attempt } = ports;
  const answer = (exchanges: readonly Exchange[], readings: readonly Reading[] = []): Answer => {
    exchanges.forEach(keep);
    return { exchanges, readings, nowUs: clock.nowUs() };
  };
  const place = { result, step: step.label, attempt, round: 0 };
  switch (step.kind) {
    case 'send':
      return answer([await session.send(step.outgoing, { ...place, round: step.round }, callers)]);
    case 'together': {
      const here = { ...place, round: step.round };
      return answer(await session.together(step.outgoing, step.warmUp, here, callers, step.isWhole));
    }
    case 'staggered': {
      const { outgoing, afterMs, round } = step;
      return answer(await session.staggered(outgoing, afterMs, { ...place, round }, callers));
    }
    case 'interrupted': {
      const { outgoing, cut, round } = step;
      const cutting = { cut, halfWayMs: ports.halfWayMs };
      return answer([await session.interrupt(outgoing, cutting, { ...place, round }, callers)]);
    }
    case 'hook':
      noteHook(await runHook(step, ports, keep));
      return answer([]);
    case 'disturbed': {
      const { exchanges, run } = await disturb(step, ports, keep);
      noteHook(run);
      return { exchanges, readings: [], nowUs: clock.nowUs() };
    }
    case 'watched': {
      const sent = session.send(step.outgoing, { ...place, round: step.round }, callers);
      const readings = await watchStore(step, sent, ports);
      return answer([await sent], readings);
    }
    case 'later': {
      const doneMs = step.sinceUs === null ? 0 : (clock.nowUs() - step.sinceUs) / 1000;
      const restMs = step.ms - doneMs;
      if (restMs > 0) await ports.whileAway(restMs);
      return answer([]);
    }
    case 'effects': {
      const read = step.when === 'now' ? readOnce : readSettled;
      const counted = step.counted.map(one => withOthers(one, session));
      const readings = await read(step.label, counted, effectsPorts(step, ports, keep));
      readings.forEach((reading, at) => noteRecords(session, reading, step.counted[at]));
      return answer([], readings);
    }
  }
}

/** What is to be counted, with the records that the run made elsewhere. */
function withOthers(counted: Counted, { ledger }: Session): Counted {
  const { resource, scope, identity } = counted;
  return {
    ...counted,
    foreign: ledger.foreignTo(resource, scope),
    standing: ledger.standing(resource, scope, identity),
  };
}

/** A duplicate that no answer named must be deleted too. */
function noteRecords({ ledger }: Session, { kind, ids }: Reading, counted: Counted | undefined): void {
  const isOwn = counted !== undefined && counted.operation.role === 'create' && counted.operation.marked;
  if (isOwn && (kind === 'list' || kind === 'filter')) {
    ledger.seen(counted.resource, counted.scope, ids, counted.identity);
  }
}

function effectsPorts(
  step: Extract<Step, { readonly kind: 'effects' }>,
  { session, clock, callers, result, attempt, settleMs, runCommand, oracleOf, whileAway }: DrivePorts,
  keep: (exchange: Exchange) => void,
): EffectsPorts {
  return {
    oracleOf,
    runCommand,
    settleMs,
    attempt,
    sleep: whileAway,
    pause: ms => clock.sleep(ms),
    async send(outgoing: Outgoing, round: number, next?: string) {
      const exchange = await session.send(outgoing, { result, step: step.label, attempt, round }, callers, next);
      keep(exchange);
      return exchange;
    },
  };
}
