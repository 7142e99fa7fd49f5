import type { Exchange } from '../core/http.js';
import type { Reading } from '../core/reading.js';
import type { Step } from '../core/step.js';
import type { Clock, LookIntoStore, StoreEntry } from '../core/transport.js';
import { Trouble } from '../core/trouble.js';

type Watched = Extract<Step, { readonly kind: 'watched' }>;

/** Between two looks while a request is under way, milliseconds. */
const PAUSE_MS = 2;

/**
 * Looks into the store while a request is under way, again and again, and once when it was answered. Throws Trouble `setup-store` when it cannot be looked into.
 */
export async function watchStore(
  { label, key, round }: Watched,
  sent: Promise<Exchange>,
  {
    lookIntoStore,
    clock,
    attempt,
  }: { readonly lookIntoStore: LookIntoStore | null; readonly clock: Pick<Clock, 'sleep'>; readonly attempt: number },
): Promise<readonly Reading[]> {
  const look = async (): Promise<readonly StoreEntry[]> => {
    if (lookIntoStore === null) throw new Trouble('setup-store', { detail: 'the spec names none' });
    const { entries, trouble } = await lookIntoStore(key);
    if (trouble !== null) throw new Trouble('setup-store', { detail: trouble });
    return entries;
  };
  const sightings = new Map<string, number[]>();
  let isUnderWay = true;
  const ended = sent.then(
    () => (isUnderWay = false),
    () => (isUnderWay = false),
  );
  try {
    while (isUnderWay) {
      const entries = await look();
      // What was read after the answer may be the finished entry already.
      if (isUnderWay) {
        for (const { name, ttlMs } of entries) sightings.set(name, [...(sightings.get(name) ?? []), ttlMs]);
      }
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
  return [
    ...marksAmong(sightings, finished).map(entry => reading('pending', entry)),
    ...finished.map(entry => reading('finished', entry)),
  ];
}

/**
 * The marks of a request in flight. An answer may stand in the store before it has arrived here: where the mark is an
 * entry of its own, one of the answer's name is the answer. Where they share a name, what two looks in succession agree
 * on from the beginning is the mark's, unless it is endless and so is the answer, so that nothing tells them apart.
 */
function marksAmong(
  sightings: ReadonlyMap<string, readonly number[]>,
  finished: readonly StoreEntry[],
): readonly StoreEntry[] {
  const isAnswer = (name: string) => finished.some(entry => entry.name === name);
  const seen = [...sightings].map(([name, ttls]) => ({ name, ttls }));
  const own = seen.filter(({ name }) => !isAnswer(name));
  if (own.length > 0) return own.map(({ name, ttls }) => ({ name, ttlMs: ttls.at(-1) ?? 0 }));
  return seen.flatMap(({ name, ttls }) => {
    const at = ttls.findIndex((ttlMs, place) => place > 0 && isEndless(ttlMs) === isEndless(ttls[place - 1] ?? 0));
    const ttlMs = ttls[at];
    const isLikeAnswer = finished.some(entry => entry.name === name && isEndless(entry.ttlMs));
    return ttlMs === undefined || (isEndless(ttlMs) && isLikeAnswer) ? [] : [{ name, ttlMs }];
  });
}

function isEndless(ttlMs: number): boolean {
  return ttlMs < 0;
}
