import type { Flaw } from '../flaw.js';
import { actingUnlocked } from '../repeated-acts.js';

export const concurrentDeleteRestocksTwice: Flaw = {
  id: 'concurrent-delete-restocks-twice',
  title:
    'Whether a purchase is there is looked up before it is deleted: of DELETEs that meet each gives the stock back.',
  exposes: { check: 'delete-concurrent', code: 'effect-repeated', resource: 'purchase' },
  choices: { shop: true },
  hooks: (base, world) => {
    const unlocked = actingUnlocked(world);
    return { act: act => (act.name === 'delete' ? unlocked({ ...act, isDue: () => true }) : base.act(act)) };
  },
};
