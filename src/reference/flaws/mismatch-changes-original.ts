import type { Flaw } from '../flaw.js';
import { members } from '../drafts.js';

export const mismatchChangesOriginal: Flaw = {
  id: 'mismatch-changes-original',
  title:
    'A key that comes again with another payload is refused, but what the first request made has taken the new amount.',
  exposes: { check: 'key-mismatch-rejected', code: 'original-changed', resource: 'order' },
  hooks: (base, { orders }) => ({
    mismatch: (attempt, stored) => {
      const made = orders.get(String(members(stored?.body ?? '').value?.['id']));
      const amount = members(attempt.incoming.body).value?.['amount'];
      if (made !== undefined && typeof amount === 'number') orders.put({ ...made, amount });
      return base.mismatch(attempt, stored);
    },
  }),
};
