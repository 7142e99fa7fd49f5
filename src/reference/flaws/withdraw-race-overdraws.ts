import type { Flaw } from '../flaw.js';
import { actingUnlocked } from '../repeated-acts.js';

export const withdrawRaceOverdraws: Flaw = {
  id: 'withdraw-race-overdraws',
  title: 'The balance is looked up before it is lowered: withdrawals that meet take more than there is.',
  exposes: { check: 'concurrent-distinct-all-apply', code: 'more-than-permitted', resource: 'wallet' },
  choices: { shop: true },
  hooks: (base, world) => {
    const unlocked = actingUnlocked(world);
    return { act: act => (act.name === 'withdraw' ? unlocked(act) : base.act(act)) };
  },
};
