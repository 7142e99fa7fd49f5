import type { Flaw } from '../flaw.js';

export const concurrentPutAllCreated: Flaw = {
  id: 'concurrent-put-all-created',
  title: 'Every PUT that found no label when it came is answered with 201.',
  exposes: { check: 'put-create-concurrent', code: 'several-created', resource: 'label' },
  hooks: base => ({
    putLabel: async write => {
      const isNew = write.find() === undefined;
      const reply = await base.putLabel(write);
      return isNew && reply.status < 300 ? { ...reply, status: 201 } : reply;
    },
  }),
};
