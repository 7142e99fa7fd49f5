import type { RecordedTraits } from '../../core/observed-contract.js';
import type { TraitName, TraitValue } from '../../core/trait.js';
import type { Contract as Written } from '../../generated/spec.js';
import { statusesOf } from '../contract.js';
import { secondsOf } from '../duration.js';
import type { Path, Source } from '../source.js';

/** What a contract file says of one operation, or of all: what the contract of a spec has words for, and the rest. */
export interface Entry {
  readonly contract?: Written;
  readonly behaviour?: Behaviour;
}

/** What the contract of a spec has no word for. */
export interface Behaviour {
  readonly lifetime?: { readonly atLeast?: string | number; readonly below?: string | number };
  readonly rewrittenJson?: string | number;
  readonly marker?: 'none';
  readonly refusals?: 'freed' | 'kept' | 'stored';
  readonly errors?: 'freed' | 'stored';
  readonly expired?: 'executed';
  readonly endpoints?: string | number;
  readonly paths?: string | number;
  readonly outdatedWrite?: 'applied';
}

/** A trait, and the member of the entry it is written in. */
type Placed = readonly [name: TraitName, value: TraitValue | null, place: Path];

/** The traits an entry says, each with its place. Of a trait that is written in both parts the first one counts. */
export function traitsOf({ contract = {}, behaviour = {} }: Entry, path: Path, source: Source): RecordedTraits {
  const placed: readonly Placed[] = [
    ...behaviourTraits(behaviour),
    ...keyTraits(contract),
    ...contractTraits(contract),
    ...versionTraits(contract),
  ];
  const traits: Partial<Record<TraitName, NonNullable<RecordedTraits[TraitName]>>> = {};
  for (const [name, value, place] of placed) {
    if (value === null || (Array.isArray(value) && value.length === 0)) continue;
    traits[name] ??= { value, location: source.locate([...path, ...place], 'key') };
  }
  return traits;
}

function behaviourTraits({ lifetime, ...words }: Behaviour): readonly Placed[] {
  const named = Object.entries(words) as (readonly [keyof typeof words, string | number])[];
  return [
    ['lifetime', lifetimeOf(lifetime), ['behaviour', 'lifetime']],
    ...named.map(([name, word]): Placed => [name, [word], ['behaviour', name]]),
  ];
}

function lifetimeOf(written: Behaviour['lifetime']): TraitValue | null {
  if (written === undefined) return null;
  const { atLeast = 0, below } = written;
  return { atLeast: secondsOf(atLeast) ?? 0, below: below === undefined ? null : secondsOf(below) };
}

function keyTraits({ key, missing }: Written): readonly Placed[] {
  const statuses = statusesIn(missing);
  const own = typeof key === 'object' ? key : {};
  const carrier = own.name === undefined ? null : [`${own.in ?? 'header'} ${own.name}`];
  return [
    ['key', carrier, ['contract', 'key']],
    ['missing', own.required === false ? ['accepted'] : null, ['contract', 'key', 'required']],
    ['missing', statuses, ['contract', 'missing']],
  ];
}

function contractTraits(contract: Written): readonly Placed[] {
  const { inflight, mismatch, replayMode, replayStatuses, marker, errorsStored, ttl, scope, expired } = contract;
  const mayWait = typeof inflight === 'object' && !Array.isArray(inflight) && inflight.mayWait === true;
  const stored = fatesOf(errorsStored);
  const lasting = ttl === undefined || ttl === 'never' || ttl === 'unknown' ? null : secondsOf(ttl);
  return [
    ['inflight', [...(statusesIn(inflight) ?? []), ...(mayWait ? ['waits'] : [])], ['contract', 'inflight']],
    ['mismatch', mismatchOf(mismatch), ['contract', 'mismatch']],
    [
      'replayMode',
      replayMode === undefined || replayMode === 'unknown' ? null : [replayMode],
      ['contract', 'replayMode'],
    ],
    [
      'replayStatus',
      replayStatuses === undefined ? null : replayStatuses.length === 0 ? ['same'] : replayStatuses,
      ['contract', 'replayStatuses'],
    ],
    ['marker', markerOf(marker), ['contract', 'marker']],
    ['refusals', stored?.refusals ?? null, ['contract', 'errorsStored']],
    ['errors', stored?.errors ?? null, ['contract', 'errorsStored']],
    ['lifetime', lasting === null ? null : { atLeast: lasting, below: null }, ['contract', 'ttl']],
    ['scope', scope === undefined ? null : [scope], ['contract', 'scope']],
    ['expired', statusesOf(expired), ['contract', 'expired']],
  ];
}

function versionTraits({ etag, deleteMissing }: Written): readonly Placed[] {
  const missing = typeof etag?.missing === 'string' ? ['permitted'] : statusesOf(etag?.missing);
  return [
    ['outdatedWrite', statusesOf(etag?.mismatch), ['contract', 'etag', 'mismatch']],
    ['unversionedWrite', missing, ['contract', 'etag', 'missing']],
    ['deleteMissing', statusesOf(deleteMissing), ['contract', 'deleteMissing']],
  ];
}

function statusesIn(written: number | readonly number[] | { readonly statuses?: number[] } | undefined) {
  if (written === undefined || typeof written === 'number') return statusesOf(written);
  return 'statuses' in written ? (written.statuses ?? null) : Array.isArray(written) ? (written as number[]) : null;
}

function mismatchOf(written: Written['mismatch']): TraitValue | null {
  const action = typeof written === 'object' && !Array.isArray(written) ? written.action : undefined;
  if (action === 'replay-original') return ['replays'];
  return action === 'execute' ? ['executes'] : statusesIn(written);
}

function markerOf(written: Written['marker']): TraitValue | null {
  if (written === undefined) return null;
  if (typeof written === 'string') return [written];
  return [written.value === undefined ? written.header : `${written.header}: ${written.value}`];
}

function fatesOf(stored: Written['errorsStored']) {
  switch (stored) {
    case undefined:
      return null;
    case 'all':
      return { refusals: ['stored'], errors: ['stored'] };
    case 'after-execution':
      return { refusals: ['freed'], errors: ['stored'] };
    case '4xx-only':
      return { refusals: ['stored'], errors: ['freed'] };
    case 'success-only':
    case 'none':
      return { refusals: ['freed'], errors: ['freed'] };
  }
}
