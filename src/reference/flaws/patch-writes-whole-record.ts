import type { Flaw } from '../flaw.js';
import type { Order } from '../records.js';
import { refusalOf } from '../writing.js';

export const patchWritesWholeRecord: Flaw = {
  id: 'patch-writes-whole-record',
  title: 'PATCH reads the whole order, changes it and writes all of it back: of two at once one is lost.',
  exposes: { check: 'patch-concurrent-disjoint', code: 'patch-lost', resource: 'order' },
  choices: { preconditionRequired: false },
  hooks: (base, { clock, orders, windowMs }) => ({
    write: async write => {
      const read = write.find();
      if (write.method !== 'PATCH' || read === undefined) return base.write(write);
      const refusal = refusalOf(write, base);
      if (refusal !== null) return refusal;
      await clock.sleep(windowMs);
      const before = write.find();
      const reply = write.commit();
      const after = write.find();
      if (before !== undefined && after !== undefined) orders.put(withChanges(read, before, after));
      return reply;
    },
  }),
};

/** What was read at first, with what the patch changed. */
function withChanges(read: Order, before: Order, after: Order): Order {
  return {
    ...after,
    amount: after.amount === before.amount ? read.amount : after.amount,
    status: after.status === before.status ? read.status : after.status,
    reference: after.reference === before.reference ? read.reference : after.reference,
    note: after.note === before.note ? read.note : after.note,
  };
}
