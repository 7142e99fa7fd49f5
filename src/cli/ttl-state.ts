import { hostname } from 'node:os';
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { UsageError } from '../core/errors.js';
import type { LateState, PlantedKey, SeenKey } from '../core/planted-key.js';

/** A lock of another machine, or of a process whose number is in use again, counts as left behind after this time. */
const STALE_MS = 60 * 60 * 1000;

/** Of what earlier runs saw, so much is kept. */
const MOST_SEEN = 200;

/** The state of late retries, held by this process alone until it is released. */
export interface HeldState {
  readonly read: () => LateState;
  /** Puts the state in its file, whole or not at all; what is written then survives the end of this process. */
  readonly write: (state: LateState) => void;
  readonly release: () => void;
}

/** Opens a state file, or begins one. Throws UsageError when it is held by another process or cannot be read. */
export function holdState(file: string): HeldState {
  const lock = `${file}.lock`;
  mkdirSync(dirname(file), { recursive: true });
  take(lock, file);
  try {
    let state = stateIn(file);
    return {
      read: () => state,
      write(next) {
        state = { ...next, seen: next.seen.slice(-MOST_SEEN) };
        const temporary = `${file}.${process.pid}.tmp`;
        writeFileSync(temporary, `${JSON.stringify(state, null, 2)}\n`, { flush: true });
        renameSync(temporary, file);
      },
      release: () => rmSync(lock, { force: true }),
    };
  } catch (error) {
    rmSync(lock, { force: true });
    throw error;
  }
}

/** Takes the lock; one that was left behind by a process that is gone is taken over. */
function take(lock: string, file: string): void {
  const mine = JSON.stringify({ pid: process.pid, host: hostname() });
  for (let tries = 0; tries < 3; tries++) {
    try {
      writeFileSync(lock, mine, { flag: 'wx' });
      return;
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw new UsageError(`--state: "${file}" cannot be written (${codeOf(error)})`);
    }
    const holder = textOf(lock);
    if (holder !== null && isHeld(lock, holder)) break;
    // Whoever renames it first has it; another that lost its lock to us this way begins again.
    const aside = `${lock}.${process.pid}`;
    try {
      renameSync(lock, aside);
      if (textOf(aside) !== holder) renameSync(aside, lock);
      else rmSync(aside, { force: true });
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error;
    }
  }
  throw new UsageError(`--state: "${file}" is in use by another run; if there is none, delete ${lock}`);
}

function isHeld(lock: string, holder: string): boolean {
  const { pid, host } = holderIn(holder);
  const ageMs = Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? 0);
  if (ageMs > STALE_MS) return false;
  return host !== hostname() || isRunning(pid);
}

function holderIn(text: string): { readonly pid: number; readonly host: string } {
  const value = parsed(text);
  const { pid, host } = isRecord(value) ? value : {};
  return { pid: typeof pid === 'number' ? pid : 0, host: typeof host === 'string' ? host : hostname() };
}

function isRunning(pid: number): boolean {
  if (pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

function stateIn(file: string): LateState {
  const text = textOf(file);
  if (text === null) return { version: 1, planted: [], seen: [] };
  const value = parsed(text);
  if (!isRecord(value)) throw new UsageError(`--state: "${file}" is no state of late retries`);
  if (value['version'] !== 1) {
    throw new UsageError(
      `--state: "${file}" has version ${JSON.stringify(value['version'])}, and this reads version 1`,
    );
  }
  const [planted, seen] = [value['planted'], value['seen']];
  if (!Array.isArray(planted) || !Array.isArray(seen) || !planted.every(isPlanted) || !seen.every(isSeen)) {
    throw new UsageError(`--state: "${file}" is damaged; delete it and plant again`);
  }
  return { version: 1, planted, seen };
}

function isPlanted(value: unknown): value is PlantedKey {
  if (!isRecord(value)) return false;
  const { id, operation, resource, key, scope, request, record, before, plantedAt, serverDate, due } = value;
  return (
    [id, operation, resource, key, request, value['environment']].every(one => typeof one === 'string') &&
    [record, serverDate, value['claimedAt']].every(one => one === null || typeof one === 'string') &&
    isRecord(scope) &&
    typeof scope['marker'] === 'string' &&
    isRecord(scope['values']) &&
    isRecord(before) &&
    typeof due === 'number' &&
    typeof plantedAt === 'string' &&
    !Number.isNaN(Date.parse(plantedAt))
  );
}

function isSeen(value: unknown): value is SeenKey {
  return (
    isRecord(value) &&
    typeof value['operation'] === 'string' &&
    typeof value['age'] === 'number' &&
    (value['state'] === 'held' || value['state'] === 'gone')
  );
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw new UsageError(`--state: "${file}" cannot be read (${codeOf(error)})`);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
