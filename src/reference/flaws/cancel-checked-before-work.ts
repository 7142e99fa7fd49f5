import type { Flaw } from '../flaw.js';
import { actingUnlocked } from '../repeated-acts.js';

export const cancelCheckedBeforeWork: Flaw = {
  id: 'cancel-checked-before-work',
  title:
    'Whether a purchase is open is looked up before it is cancelled: of cancels that meet each gives the stock back.',
  exposes: { check: 'concurrent-distinct-all-apply', code: 'more-than-permitted', resource: 'purchase' },
  choices: { shop: true },
  hooks: (base, world) => {
    const unlocked = actingUnlocked(world);
    return { act: act => (act.name === 'cancel' ? unlocked(act) : base.act(act)) };
  },
};
