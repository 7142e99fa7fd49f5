import type { Exchange } from '../core/http.js';
import type { Reading } from '../core/reading.js';
import type { Step } from '../core/step.js';
import type { Clock, LookIntoStore, StoreEntry } from '../core/transport.js';
import { Trouble } from '../core/trouble.js';

type Watched = Extract<Step, { readonly kind: 'watched' }>;

/** Between two looks while a request is under way, milliseconds. */
const PAUSE_MS = 2;

/**
 * Looks into the store while a request is under way, again and again, and once when it was answered. Of an entry seen
 * several times the last look counts. Throws Trouble `setup-store` when it cannot be looked into.
 */
export async function watchStore(
  { label, key, round }: Watched,
  sent: Promise<Exchange>,
  {
    lookIntoStore,
    clock,
    attempt,
  }: { readonly lookIntoStore: LookIntoStore | null; readonly clock: Clock; readonly attempt: number },
): Promise<readonly Reading[]> {
  const look = async (): Promise<readonly StoreEntry[]> => {
    if (lookIntoStore === null) throw new Trouble('setup-store', { detail: 'the spec names none' });
    const { entries, trouble } = await lookIntoStore(key);
    if (trouble !== null) throw new Trouble('setup-store', { detail: trouble });
    return entries;
  };
  const pending = new Map<string, StoreEntry>();
  let isUnderWay = true;
  const ended = sent.then(
    () => (isUnderWay = false),
    () => (isUnderWay = false),
  );
  try {
    while (isUnderWay) {
      const entries = await look();
      // What was read after the answer may be the finished entry already.
      if (isUnderWay) entries.forEach(entry => pending.set(entry.name, entry));
      await clock.sleep(PAUSE_MS);
    }
  } finally {
    await ended;
  }
  const reading = (step: string, { name, ttlMs }: StoreEntry): Reading => ({
    step: `${label} ${step}`,
    attempt,
    round,
    kind: 'store',
    count: null,
    ids: [name],
    value: ttlMs,
    trouble: null,
    exchanges: [],
  });
  const finished = await look();
  const isFinished = ({ name }: StoreEntry) => finished.some(entry => entry.name === name);
  // Stored before it was answered: where the mark is an entry of its own, one of the answer's name is the answer.
  const marks = [...pending.values()].filter(entry => !isFinished(entry));
  return [
    ...(marks.length > 0 ? marks : [...pending.values()]).map(entry => reading('pending', entry)),
    ...finished.map(entry => reading('finished', entry)),
  ];
}
