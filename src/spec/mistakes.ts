import { SpecError, type Mistake } from '../core/errors.js';
import type { Path, Source } from './source.js';

/** Collects what is wrong in one document, so that all of it can be told at once. */
export interface Mistakes {
  readonly add: (path: Path, text: string, at?: 'key' | 'value') => void;
  readonly all: () => readonly Mistake[];
  /** Throws SpecError when anything was added; the mistakes stand in the order of the file. */
  readonly throwIfAny: () => void;
}

export function createMistakes(source: Pick<Source, 'locate'>): Mistakes {
  const found: Mistake[] = [];
  const all = () => found.toSorted(byPlace);
  return {
    add: (path, text, at = 'value') => {
      const mistake: Mistake = { location: source.locate(path, at), path: pathText(path), text };
      // One place, one message: whatever follows from the first mistake there would only be noise.
      if (!found.some(other => other.path === mistake.path)) found.push(mistake);
    },
    all,
    throwIfAny: () => {
      if (found.length > 0) throw new SpecError(all());
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
