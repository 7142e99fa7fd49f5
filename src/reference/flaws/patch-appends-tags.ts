import type { Flaw } from '../flaw.js';

export const patchAppendsTags: Flaw = {
  id: 'patch-appends-tags',
  title: 'Each PATCH, also a repeated one, adds a tag to the order.',
  exposes: { check: 'patch-repeat-no-drift', code: 'drifted', resource: 'order' },
  hooks: (base, { orders }) => ({
    written: (write, order, isNew) => {
      if (write.method !== 'PATCH') return base.written(write, order, isNew);
      const changed = { ...order, tags: [...order.tags, 'changed'] };
      orders.put(changed);
      return base.written(write, changed, isNew);
    },
  }),
};
