import type { Verdict } from '../../src/core/verdict.js';

/** A verdict in one line, for tables: `pass`, `pass +note`, `fail code`, `warn code?` (suspect), `inconclusive reason`. */
export function outcome(verdict: Verdict): string {
  switch (verdict.verdict) {
    case 'inconclusive':
      return `inconclusive ${verdict.reason}`;
    case 'pass':
      return ['pass', ...verdict.notes.map(({ code }) => `+${code}`)].join(' ');
    case 'fail':
    case 'warn': {
      const codes = verdict.findings.map(({ code, certainty }) => `${code}${certainty === 'suspect' ? '?' : ''}`);
      return [verdict.verdict, ...codes].join(' ');
    }
  }
}
