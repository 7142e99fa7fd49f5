import type { Result } from '../../src/core/report.js';
import { AWAITED } from '../../src/reference/awaited.js';
import type { Flaw } from '../../src/reference/flaw.js';

/** What a flaw is there for. */
export interface Meant {
  /** Whether a case of the catalogue is to find it. Which variant of its check that is stays open as long as none does. */
  readonly isCase: (check: string, variant: string | null) => boolean;
  /** Whether a case is played for that: what stands by needs the others to meet it. */
  readonly isPlayed: (check: string, variant: string | null) => boolean;
  /** What is to be found; with its level where that matters. */
  readonly code: string;
  /** What was found by the cases that are to find it, each once, in the words of `code`. */
  readonly codesIn: (results: readonly Result[]) => readonly string[];
}

/** What a flaw is to be found by. */
export function meantBy({ id, exposes }: Flaw): Meant {
  const { check, variant = null, level } = exposes;
  const described = (code: string, own: string) => (level === undefined ? code : `${own} ${code}`);
  const isCase = (name: string, one: string | null) => name === check && (one === variant || id in AWAITED);
  return {
    isCase,
    isPlayed: (name, one) => variant === 'transient' || isCase(name, one),
    code: described(exposes.code, level ?? ''),
    codesIn: results => {
      const own = results.filter(result => isCase(result.check, result.variant));
      return [...new Set(own.flatMap(({ findings }) => findings.map(one => described(one.code, one.level))))];
    },
  };
}
