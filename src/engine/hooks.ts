import type { HookRun } from '../core/hook-run.js';
import { isAnswered, isSuccess, type Exchange, type HeaderLine } from '../core/http.js';
import type { Hook, Spec } from '../core/spec.js';
import type { Step } from '../core/step.js';
import type { Callers, Clock, RunCommand } from '../core/transport.js';
import { Trouble } from '../core/trouble.js';
import type { Place } from './journal.js';
import type { Session } from './session.js';

type HookStep = Extract<Step, { readonly kind: 'hook' }>;
type Values = HookStep['values'];

/** What running a hook needs. */
export interface HookPorts {
  readonly session: Session;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly runCommand: RunCommand;
  readonly callers: Callers;
  readonly hooks: Spec['hooks'];
  readonly result: string;
  readonly attempt: number;
}

/** A restarted service must answer again within this time, milliseconds. */
const BACK_WITHIN_MS = 30_000;
const LOOK_EVERY_MS = 200;
const MOST_OUTPUT = 2000;

/**
 * Runs a hook of the user's and tells what it printed or was answered with. After a restart it waits until the target
 * answers anything at all. Throws Trouble `setup-hook` when the hook is missing or fails.
 */
export async function runHook(step: HookStep, ports: HookPorts, keep: (exchange: Exchange) => void): Promise<HookRun> {
  const hook = ports.hooks[step.hook];
  const trouble = (detail: string) => new Trouble('setup-hook', { hook: step.hook, detail });
  if (hook === undefined) throw trouble('the spec has none');
  const place: Place = { result: ports.result, step: step.label, attempt: ports.attempt, round: 0 };
  const done = hook.kind === 'command' ? await command(hook.command, step, ports) : await request(hook, step, place);
  if (done.trouble !== null) throw trouble(done.trouble);
  if (step.hook === 'restart' && !(await isBack(place, ports, keep))) {
    throw trouble(`the target did not answer within ${BACK_WITHIN_MS / 1000} s`);
  }
  const { label, hook: name, values } = step;
  return {
    step: label,
    attempt: ports.attempt,
    hook: name,
    values,
    kind: hook.kind,
    output: done.output,
    exchange: done.exchange,
    atUs: ports.clock.nowUs(),
  };

  async function request(one: Extract<Hook, { readonly kind: 'request' }>, { values: given }: HookStep, at: Place) {
    const headers: readonly HeaderLine[] = one.body === null ? [] : [['content-type', 'application/json']];
    const body = one.body === null ? null : filled(one.body, given);
    const sent = { method: one.method, path: filled(one.path, given), headers, body };
    const exchange = await ports.session.sendAside(sent, at, ports.callers);
    keep(exchange);
    const lost = isAnswered(exchange) ? `answered with ${exchange.response.status}` : `no answer (${exchange.lost})`;
    return { output: null, exchange: exchange.n, trouble: isSuccess(exchange) ? null : lost };
  }
}

interface Done {
  readonly output: string | null;
  readonly exchange: number | null;
  readonly trouble: string | null;
}

async function command(text: string, { values }: HookStep, { runCommand }: HookPorts): Promise<Done> {
  const { stdout, trouble } = await runCommand(filled(text, values));
  return { output: stdout.trim().slice(0, MOST_OUTPUT), exchange: null, trouble };
}

/** Looks until the target answers something, whatever it is. */
async function isBack(
  place: Place,
  { session, clock, signal, callers }: HookPorts,
  keep: (exchange: Exchange) => void,
): Promise<boolean> {
  const until = clock.nowUs() + BACK_WITHIN_MS * 1000;
  while (clock.nowUs() < until && !signal.aborted) {
    const look = { method: 'GET', path: '/', headers: [], body: null } as const;
    const exchange = await session.sendAside(look, { ...place, step: `${place.step} answers again` }, callers);
    keep(exchange);
    if (isAnswered(exchange)) return true;
    await clock.sleep(LOOK_EVERY_MS, signal);
  }
  return false;
}

/** The text with `{{name}}` replaced by the values; what nobody gave a value for stays as it is. */
function filled(text: string, values: Values): string {
  return text.replaceAll(/\{\{\s*(\w+)\s*\}\}/g, (whole, name: string) => String(values[name] ?? whole));
}
