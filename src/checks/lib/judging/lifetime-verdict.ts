import type { Contract } from '../../../core/contract.js';
import type { Circumstances } from '../../../core/evidence.js';
import { fail, inconclusive, note, type Note, type Verdict } from '../../../core/verdict.js';
import { passCounted } from './counting.js';
import { duration, measured } from './duration.js';
import { heldAt, movedIn, type Sample, unclearBecause } from './lifetime.js';

/** The part of a lifetime within which a key must protect. The rest is slack for clocks and sweepers. */
const DUE = 0.9;

/** Ages that differ by less than the rest of this part are the same age. */
const SAME = 0.98;

type Notes = 'held' | 'clock-moved' | 'held-longer';

type Judged = Verdict<'expired-early' | 'short-lived', Notes>;

/** What keys of several ages say together: the youngest that was gone, else the oldest that held. */
export function lifetimeVerdict(contract: Contract, evidence: Circumstances, samples: readonly Sample[]): Judged {
  return goneEarly(contract, evidence, samples) ?? heldOrOpen(contract, evidence, samples);
}

/** Seconds after which nothing more is to be shown: what is due of the declared lifetime, else of our own policy's. */
export function goalOf({ ttl, ttlFloor }: Contract): number {
  return DUE * (typeof ttl === 'number' ? ttl : ttlFloor.warn);
}

/** The youngest key that was gone, judged by what was promised or by our policy. */
function goneEarly({ ttl, ttlFloor }: Contract, evidence: Circumstances, samples: readonly Sample[]): Judged | null {
  const [gone] = samples.filter(sample => sample.state === 'gone').toSorted((a, b) => a.age - b.age);
  if (gone === undefined) return null;
  const longest = heldAt(samples);
  const notes: readonly (Note<Notes> | null)[] = [
    longest > gone.age * SAME ? note('held-longer', { held: measured(longest) }) : null,
    movedNote(evidence),
  ];
  const args = { age: measured(gone.age), held: measured(heldAt(samples, gone.age * SAME)) };
  if (ttl === 'unknown') {
    if (Math.round(gone.age) >= ttlFloor.warn) return null;
    const level = Math.round(gone.age) <= ttlFloor.fail ? 'fail' : 'warn';
    return described(fail('short-lived', args, gone.exchanges, { level, basis: 'convention' }), notes);
  }
  if (ttl !== 'never' && gone.age > ttl * ((1 + DUE) / 2)) return null;
  const declared = ttl === 'never' ? 'for ever' : duration(ttl);
  return described(fail('expired-early', { ...args, ttl: declared }, gone.exchanges, { basis: 'declared' }), notes);
}

function heldOrOpen(contract: Contract, evidence: Circumstances, samples: readonly Sample[]): Judged {
  const age = heldAt(samples);
  const held = measured(age);
  const best = samples.find(sample => sample.state === 'held' && sample.age === age && sample.reading !== undefined);
  const moved = movedIn(evidence);
  if (best?.state === 'held' && age >= goalOf(contract)) {
    // A clock that no store follows would let every key pass.
    const hasEnded = samples.some(sample => sample.state === 'gone');
    if (moved > 0 && !hasEnded) {
      const detail = `the test clock was moved by ${measured(moved)} and no key ended, so that nothing shows that the store follows it`;
      return unclearBecause(detail);
    }
    return passCounted(evidence, best.reading, [note('held', { held }), movedNote(evidence)]);
  }
  const final = samples.at(-1);
  if (final?.state === 'open') return final.why;
  if (final?.state === 'gone') return unclearBecause(`the key was gone at ${measured(final.age)}, within the slack`);
  return inconclusive('wait-too-short', { held, maxWait: duration(evidence.maxWaitMs / 1000) });
}

function movedNote(evidence: Circumstances): Note<'clock-moved'> | null {
  const moved = movedIn(evidence);
  if (moved === 0) return null;
  return note('clock-moved', { moved: measured(moved), maxWait: duration(evidence.maxWaitMs / 1000) });
}

function described(
  finding: Extract<Judged, { readonly findings: unknown }>['findings'][number],
  notes: readonly (Note<Notes> | null)[],
): Judged {
  return { verdict: finding.level, findings: [finding], notes: notes.filter(isThere) };
}

function isThere<T>(value: T | null): value is T {
  return value !== null;
}
