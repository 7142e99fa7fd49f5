import type { Flaw } from '../flaw.js';
import { createContention } from '../contention.js';
import { empty } from '../reply.js';

export const concurrentDeleteUndone: Flaw = {
  id: 'concurrent-delete-undone',
  title: 'DELETEs that meet undo each other: all say it is done, and the order is still there.',
  exposes: { check: 'delete-concurrent', code: 'still-there', resource: 'order' },
  hooks: (base, { clock, windowMs }) => {
    const contention = createContention();
    const wait = () => clock.sleep(windowMs * 10);
    return {
      write: async write => {
        if (write.method !== 'DELETE') return base.write(write);
        return contention.during(write.id, wait, async isContended => (isContended ? empty(204) : base.write(write)));
      },
    };
  },
};
