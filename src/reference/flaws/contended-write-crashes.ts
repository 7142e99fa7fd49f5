import type { Flaw } from '../flaw.js';
import { crash } from '../reply.js';
import { refusalOf } from '../writing.js';

export const contendedWriteCrashes: Flaw = {
  id: 'contended-write-crashes',
  title: 'Of the changes that meet at one version the losers are answered with 500.',
  exposes: { check: 'if-match-concurrent-one-winner', code: 'crashed', resource: 'order' },
  hooks: (base, { clock, windowMs }) => ({
    write: async write => {
      const refusal = refusalOf(write, base);
      if (refusal !== null) return refusal;
      const seen = write.find()?.version;
      await clock.sleep(windowMs);
      return write.find()?.version === seen ? write.commit() : crash();
    },
  }),
};
