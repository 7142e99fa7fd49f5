import type { Flaw } from '../flaw.js';
import { createContention } from '../contention.js';
import { preconditionFailed } from '../writing.js';

export const contendedWriteRefused: Flaw = {
  id: 'contended-write-refused',
  title: 'Changes that meet at one version are all refused.',
  exposes: { check: 'if-match-concurrent-one-winner', code: 'no-winner', resource: 'order' },
  hooks: (base, { clock, windowMs }) => {
    const contention = createContention();
    const wait = () => clock.sleep(windowMs * 10);
    return {
      write: write =>
        contention.during(write.id, wait, async isContended =>
          isContended && write.method !== 'DELETE' ? preconditionFailed() : base.write(write),
        ),
    };
  },
};
