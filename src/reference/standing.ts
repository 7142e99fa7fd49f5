import type { World } from './world.js';
import { newOrder } from './writing.js';

const DAY_MS = 86_400_000;

/** Adds the orders that were there before anybody came. */
export function addStanding({ clock, choices, ids, orders }: World): void {
  const atMs = clock.nowMs() - DAY_MS;
  for (let at = 1; at <= choices.standing; at++) {
    orders.put({ ...newOrder(ids(), ids(), atMs), version: 1, amount: 1, reference: `standing-${at}` });
  }
}
