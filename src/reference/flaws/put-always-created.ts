import type { Flaw } from '../flaw.js';

export const putAlwaysCreated: Flaw = {
  id: 'put-always-created',
  title: 'PUT answers 201 although the order was there.',
  exposes: { check: 'put-repeat-same-state', code: 'created-twice', resource: 'order' },
  hooks: base => ({
    written: (write, order, isNew) => base.written(write, order, isNew || write.method === 'PUT'),
  }),
};
