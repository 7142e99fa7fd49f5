import type { About, Gap, Guess } from '../../core/inference.js';
import { locationOf, type Node } from './document.js';

/** Where guesses and gaps are put down while a document is read. */
export interface Notebook {
  readonly guesses: readonly Guess[];
  readonly gaps: readonly Gap[];
  /** Puts down a guess about a resource, or about one of its operations. */
  readonly guess: (
    on: { readonly resource: string | null; readonly operation?: string | null },
    about: About,
    value: string,
    why: { readonly reason: string; readonly node: Node; readonly side?: 'key' | 'value' },
  ) => void;
  readonly gap: (
    on: { readonly resource: string | null; readonly operation?: string | null },
    text: string,
    yaml: string,
    node: Node,
  ) => void;
}

export function createNotebook(): Notebook {
  const guesses: Guess[] = [];
  const gaps: Gap[] = [];
  return {
    guesses,
    gaps,
    guess: ({ resource, operation = null }, about, value, { reason, node, side }) =>
      void guesses.push({ resource, operation, about, value, reason, location: locationOf(node, side) }),
    gap: ({ resource, operation = null }, text, yaml, node) => {
      // What every operation of a resource lacks is told once.
      if (gaps.some(known => known.resource === resource && known.text === text)) return;
      gaps.push({ resource, operation, text, yaml, location: locationOf(node, 'key') });
    },
  };
}
