import type { World } from './world.js';
import { newOrder } from './writing.js';

/** Records of others that stand at any time. */
const STANDING = 20;

/**
 * Another client, which makes an order and an account every so many milliseconds and keeps only its last ones. What it
 * would have done by now is made up for when somebody looks.
 */
export function createBystander({ accounts, clock, ids, orders, variant }: World): { readonly catchUp: () => void } {
  const everyMs = variant.bystanderEveryMs;
  const startMs = clock.nowMs();
  let made = 0;
  const standing: { readonly order: string; readonly account: string }[] = [];

  const act = (atMs: number) => {
    const [order, account] = [ids(), ids()];
    orders.put({ ...newOrder(order, ids(), atMs), version: 1, amount: 1, reference: `bystander-${order}` });
    const times = { createdAtMs: atMs, updatedAtMs: atMs };
    const owner = `bystander-${account}`;
    accounts.put({ kind: 'account', id: account, version: 1, ...times, owner, currency: 'EUR', balance: 0 });
    standing.push({ order, account });
    const oldest = standing.length > STANDING ? standing.shift() : undefined;
    if (oldest === undefined) return;
    orders.remove(oldest.order);
    accounts.remove(oldest.account);
  };

  return {
    catchUp() {
      if (everyMs === 0) return;
      const due = Math.floor((clock.nowMs() - startMs) / everyMs);
      for (let turn = Math.max(made + 1, due - STANDING + 1); turn <= due; turn++) act(startMs + turn * everyMs);
      made = Math.max(made, due);
    },
  };
}
