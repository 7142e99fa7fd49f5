import { SpecError, type Mistake } from '../core/errors.js';
import type { Path, Source } from './source.js';

/** Collects what is wrong in one document, so that all of it can be told at once. */
export interface Mistakes {
  readonly add: (path: Path, text: string, at?: 'key' | 'value') => void;
  /** Mistakes of another file that belongs to this one. */
  readonly addAll: (mistakes: readonly Mistake[]) => void;
  /** Says no more about a place: what follows from its mistake would only be noise. */
  readonly close: (path: Path) => void;
  /** Shows a value that came from the environment, which may be a secret, by the name of its variable. */
  readonly hide: (value: string, name: string) => void;
  /** Throws SpecError when anything was added; the mistakes stand in the order of the file. */
  readonly throwIfAny: () => void;
}

/** Shorter values occur in every other word. */
const SHORTEST_SECRET = 4;

export function createMistakes(source: Pick<Source, 'locate'>): Mistakes {
  const found = new Map<string, Mistake>();
  const others: Mistake[] = [];
  const closed = new Set<string>();
  const hidden = new Map<string, string>();
  const masked = (text: string): string =>
    [...hidden].reduce((so, [value, name]) => so.replaceAll(value, () => `\${${name}}`), text);
  return {
    add: (path, text, at = 'value') => {
      const place = pathText(path);
      const mistake: Mistake = { location: source.locate(path, at), path: place, text };
      if (!closed.has(place)) found.set(`${place}: ${text}`, mistake);
    },
    addAll: mistakes => {
      others.push(...mistakes);
    },
    close: path => {
      closed.add(pathText(path));
    },
    hide: (value, name) => {
      if (value.length >= SHORTEST_SECRET) hidden.set(value, name);
    },
    throwIfAny: () => {
      const own = [...found.values()].toSorted(byPlace).map(one => ({ ...one, text: masked(one.text) }));
      const all = [...own, ...others];
      if (all.length > 0) throw new SpecError(all);
    },
  };
}

/** `resources.order.create`, `waivers[0].until`, `target.headers["X.Y"]`. */
export function pathText(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    if (!/^[\w$-]+$/.test(step)) return `${text}[${JSON.stringify(step)}]`;
    return text === '' ? step : `${text}.${step}`;
  }, '');
}

function byPlace(a: Mistake, b: Mistake): number {
  return (a.location?.line ?? 0) - (b.location?.line ?? 0) || (a.location?.column ?? 0) - (b.location?.column ?? 0);
}
