import { createContention } from '../contention.js';
import type { Flaw } from '../flaw.js';

export const concurrentPutAddsUp: Flaw = {
  id: 'concurrent-put-adds-up',
  title: 'The weights of labels that are put at the same moment are added up.',
  exposes: { check: 'put-concurrent-whole', code: 'unsent-state', resource: 'label' },
  hooks: (_, { clock, windowMs }) => {
    const contention = createContention();
    return {
      putLabel: ({ id, draft, find, commit }) =>
        contention.during(
          id,
          () => clock.sleep(windowMs),
          async isContended => commit(isContended ? { ...draft, weight: draft.weight + (find()?.weight ?? 0) } : draft),
        ),
    };
  },
};
