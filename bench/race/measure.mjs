// Plays bursts of several methods in turns, so that all see the same machine, and reads off the server what arrived.
import { fork } from 'node:child_process';
import { methods } from './methods.mjs';
import { WINDOWS } from './server.mjs';

/** A helper process and the ports it listens on; ends with this process or on `stop`. */
export async function start(script, ...argv) {
  const child = fork(new URL(script, import.meta.url), argv.map(String), {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ports = await new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', code => reject(new Error(`${script} ended with ${code}`)));
  });
  return { ports, pid: child.pid, stop: () => child.disconnect() };
}

export const median = numbers => quantile(numbers, 0.5);

export function quantile(numbers, part) {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN;
}

let bursts = 0;
export const freshKey = name => `${name}~${process.pid}~${++bursts}`;

/** What the racy server saw since it was asked last, by key. */
export async function seenBy(control) {
  const answer = await fetch(`http://127.0.0.1:${control}/`);
  return answer.json();
}

/**
 * Plays `rounds` bursts of each contestant `{name, url, h2c}` at one width, after a few that do not count. Hands back for
 * each the spread at the server (body complete, p50, ms) and for each window the share of bursts with two effects.
 */
export async function compare(contestants, { control, width, rounds, body, headers = {}, warm = 3 }) {
  const opened = [];
  for (const one of contestants) {
    opened.push({ ...one, ...(await methods[one.name]({ ...one, width, body, headers })), keys: [] });
  }
  await seenBy(control);
  for (let round = -warm; round < rounds; round++) {
    for (const one of opened) {
      await new Promise(resolve => setTimeout(resolve, 4));
      const key = freshKey(one.name);
      await one.burst(key);
      if (round >= 0) one.keys.push(key);
    }
  }
  const seen = new Map((await seenBy(control)).map(burst => [burst.key, burst]));
  const rows = opened.map(({ name, keys }) =>
    rowOf(
      name,
      keys.map(key => seen.get(key)),
      width,
    ),
  );
  for (const { close } of opened) await close();
  return rows;
}

export function rowOf(name, bursts, width) {
  const whole = bursts.filter(burst => burst !== undefined && burst.arrivedMs.length === width);
  return {
    name,
    width,
    bursts: whole.length,
    spreadMs: median(whole.map(({ arrivedMs }) => Math.max(...arrivedMs))),
    detected: WINDOWS.map((_, at) => whole.filter(({ created }) => created[at] > 1).length / whole.length),
  };
}

export const percent = share => `${Math.round(share * 100)} %`;
