import { add } from './shop/items.js';
import type { World } from './world.js';
import { newOrder, paid } from './writing.js';

const OWNER = 'bystander-';

/** Records of others that stand at any time. */
const STANDING = 20;

/**
 * Another client, which makes an order and an account every so many milliseconds and keeps only its last ones; where numbers are shared, it
 * moves those of everybody. What it
 * would have done by now is made up for when somebody looks.
 */
export function createBystander(world: World): { readonly catchUp: () => void } {
  const { accounts, clock, ids, orders, choices } = world;
  const everyMs = choices.bystanderEveryMs;
  const startMs = clock.nowMs();
  let made = 0;
  const standing: { readonly order: string; readonly account: string }[] = [];

  const act = (atMs: number) => {
    const [order, account] = [ids(), ids()];
    orders.put({ ...newOrder(order, ids(), atMs), version: 1, amount: 1, reference: `bystander-${order}` });
    const times = { createdAtMs: atMs, updatedAtMs: atMs };
    const owner = `${OWNER}${account}`;
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
      if (choices.sharedNumbers) move(world, heldAt(due) - heldAt(made));
      made = Math.max(made, due);
    },
  };
}

/** What it has paid in at a turn, and not yet taken out again: it does so at every tenth. */
function heldAt(turn: number): number {
  return turn % 10;
}

/** Takes so many of every product, and pays as much into every account that is not the bystander's own. */
function move(world: World, amount: number): void {
  if (amount === 0) return;
  const { accounts, clock, items } = world;
  for (const { at, id } of items.all()) if (at === '/products') add(world, id, 'stock', -amount);
  for (const account of accounts.all()) {
    const { balance, owner, version } = account;
    if (owner.startsWith(OWNER)) continue;
    accounts.put({ ...account, balance: paid(balance, amount), version: version + 1, updatedAtMs: clock.nowMs() });
  }
}
