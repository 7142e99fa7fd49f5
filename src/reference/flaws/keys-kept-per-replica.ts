import type { Flaw } from '../flaw.js';
import { createTurns } from '../turns.js';

export const keysKeptPerReplica: Flaw = {
  id: 'keys-kept-per-replica',
  title: 'Keys live in the memory of a replica: every fourth request of a key meets the other one and is executed.',
  exposes: { check: 'key-replay-consistent', code: 'executed-again', resource: 'order' },
  hooks: base => {
    const turns = createTurns();
    return {
      keyLayer: attempt => {
        const isElsewhere = turns.next(attempt.key) % 4 === 0;
        return base.keyLayer(isElsewhere ? { ...attempt, key: `${attempt.key}@other` } : attempt);
      },
    };
  },
};
