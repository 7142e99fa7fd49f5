import type { CountCommand } from '../core/resource.js';
import { uncounted, type Count, type Oracle } from './oracle.js';

/** Counts by a command of the user's, which prints how many records carry the scope's marker. */
export function commandOracle({ command }: CountCommand): Oracle {
  return {
    kind: 'command',
    *read({ scope }) {
      const answer = yield { kind: 'command', command: command(scope) };
      if (answer.kind !== 'output') throw new RangeError('a command of an oracle got no output');
      if (answer.trouble !== null) return uncounted('command', answer.trouble);
      const text = answer.stdout.trim();
      if (!/^\d+$/.test(text))
        return uncounted('command', `the command printed ${JSON.stringify(text.slice(0, 80))}, not a number`);
      return { kind: 'command', count: Number(text), ids: [], value: Number(text), trouble: null } satisfies Count;
    },
  };
}
