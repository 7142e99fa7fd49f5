import { isLifetime, type Lifetime, type TraitName, type TraitValue } from '../../core/trait.js';

/** Where a status stands in the words of a trait. */
const STATUS = '{}';

/** How a status is told, and each word. */
const WORDS: Readonly<Record<Exclude<TraitName, 'key' | 'marker' | 'lifetime'>, Readonly<Record<string, string>>>> = {
  missing: { [STATUS]: 'a request without a key is refused with {}', accepted: 'a request without a key is accepted' },
  inflight: {
    [STATUS]: 'a request that meets its first one in flight is refused with {}',
    waits: 'a request that meets its first one in flight waits for the answer',
  },
  mismatch: {
    [STATUS]: 'another payload under a used key is refused with {}',
    replays: 'another payload under a used key gets the first answer',
    executes: 'another payload under a used key is executed',
  },
  rewrittenJson: {
    [STATUS]: 'the same JSON in other bytes is another payload ({})',
    same: 'the same JSON in other bytes is the same payload',
    executes: 'the same JSON in other bytes is executed again',
  },
  replayMode: {
    same: 'a repeat gets the stored answer',
    'current-state': 'a repeat shows the present state',
    conflict: 'a repeat is a conflict',
    'conflict-with-id': 'a repeat is a conflict that names what was made',
  },
  replayStatus: { [STATUS]: 'a repeat is answered with {}', same: 'a repeat has the status of the first answer' },
  refusals: {
    freed: 'a refused request frees its key',
    kept: 'a refused request keeps its key',
    stored: 'a refusal is stored under its key',
  },
  errors: { freed: 'a request that failed frees its key', stored: 'an error is stored under its key' },
  expired: {
    [STATUS]: 'a key that is over is refused with {}',
    executed: 'a request whose key is over is carried out anew',
  },
  scope: { principal: 'each caller has keys of its own', account: 'callers of an account share their keys' },
  endpoints: {
    [STATUS]: 'a key used on another operation is refused with {}',
    separate: 'each operation has keys of its own',
    shared: 'all operations share their keys',
  },
  paths: {
    [STATUS]: 'a key used on another path is refused with {}',
    separate: 'each path has keys of its own',
    shared: 'all paths of an operation share their keys',
  },
  outdatedWrite: {
    [STATUS]: 'a write under an outdated version is refused with {}',
    applied: 'a write under an outdated version is applied',
  },
  unversionedWrite: {
    [STATUS]: 'a write without a version is refused with {}',
    permitted: 'a write without a version is applied',
  },
  deleteMissing: { [STATUS]: 'a DELETE of what is gone is answered with {}' },
};

/** A trait in words, as a part of a sentence: `another payload under a used key is refused with 422`. */
export function says(name: TraitName, value: TraitValue): string {
  if (isLifetime(value)) return lifetimeText(value);
  if (name === 'key') return `the key travels in the ${listed(value)}`;
  if (name === 'marker') {
    return value.includes('none') ? 'no header marks a repeat' : `repeats are marked by ${listed(value)}`;
  }
  if (name === 'lifetime') return listed(value);
  const words = WORDS[name];
  const statuses = value.filter(one => typeof one === 'number');
  const described = value.filter(one => typeof one === 'string').map(word => words[word] ?? word);
  const status = words[STATUS] ?? STATUS;
  const refused = statuses.length === 0 ? [] : [status.replace(STATUS, listed(statuses))];
  return [...refused, ...described].join(', or ');
}

function lifetimeText({ atLeast, below }: Lifetime): string {
  if (below === null) return `keys last at least ${durationText(atLeast, ' ')}`;
  const most = `less than ${durationText(below, ' ')}`;
  return atLeast === 0 ? `keys last ${most}` : `keys last at least ${durationText(atLeast, ' ')} and ${most}`;
}

/** Whole seconds in the largest unit that leaves no rest, so that it reads back as it was: `90s`, `24h`. */
export function durationText(seconds: number, space = ''): string {
  const units = [
    [86_400, 'd'],
    [3600, 'h'],
    [60, space === '' ? 'm' : 'min'],
  ] as const;
  const [size, unit] = units.find(([one]) => seconds > one && seconds % one === 0) ?? [1, 's'];
  return `${seconds / size}${space}${unit}`;
}

/** `a`, `a or b`, `a, b or c`. */
export function listed(items: readonly (string | number)[], last = 'or'): string {
  const final = items.at(-1);
  return items.length < 2 ? String(final ?? '') : `${items.slice(0, -1).join(', ')} ${last} ${final}`;
}
