import type { Routes } from '../routes.js';
import { articles } from './articles.js';
import { baskets, lines } from './baskets.js';
import { products, purchases } from './goods.js';
import { membershipRoutes } from './membership.js';
import { payments, wallets } from './money.js';
import { shelfRoutes } from './shelf.js';

/** The shop: what is done to a record of it shows in that record, in the one above, in another one, or nowhere. */
export const shopRoutes: Routes = (world, behaviour) => {
  const shelves = [
    products,
    purchases(world, behaviour),
    wallets(world),
    payments(world),
    baskets,
    lines(world, behaviour),
    articles(world, behaviour),
  ];
  return [...shelves.flatMap(shelf => shelfRoutes(shelf, world, behaviour)), ...membershipRoutes(world, behaviour)];
};
