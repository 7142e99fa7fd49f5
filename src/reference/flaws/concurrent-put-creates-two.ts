import type { Flaw } from '../flaw.js';

export const concurrentPutCreatesTwo: Flaw = {
  id: 'concurrent-put-creates-two',
  title:
    'Whether there is such a label is looked up before the insert and not again: PUTs that meet leave two records.',
  exposes: { check: 'put-create-concurrent', code: 'record-added', resource: 'label' },
  hooks: (base, { clock, ids, labels, windowMs }) => ({
    putLabel: async write => {
      if (write.find() !== undefined) return base.putLabel(write);
      await clock.sleep(windowMs);
      const twin = write.find();
      if (twin !== undefined) labels.put({ ...twin, id: `${twin.id}#${ids()}` });
      return write.commit(write.draft);
    },
  }),
};
