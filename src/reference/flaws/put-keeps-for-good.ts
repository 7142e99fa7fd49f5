import type { Flaw } from '../flaw.js';

export const putKeepsForGood: Flaw = {
  id: 'put-keeps-for-good',
  title: 'The note of an order stays once it is set: no PUT without it, and no PUT or PATCH to null takes it away.',
  exposes: { check: 'put-replaces-whole', code: 'old-value-kept', resource: 'order', level: 'fail' },
  hooks: (base, { orders }) => ({
    write: write =>
      base.write({
        ...write,
        commit: () => {
          const note = write.find()?.note ?? null;
          const reply = write.commit();
          const now = write.find();
          if (now !== undefined && now.note === null) orders.put({ ...now, note });
          return reply;
        },
      }),
  }),
};
