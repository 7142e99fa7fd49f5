import type { Behaviour } from '../behaviour.js';
import type { Incoming } from '../incoming.js';
import { visible } from '../reading.js';
import type { Item, Members } from '../records.js';
import { json, type MaybeReply, type Reply } from '../reply.js';
import type { Route } from '../routes.js';
import type { World } from '../world.js';
import { notFound } from '../writing.js';
import { draftOf, type Fields } from './fields.js';
import { add, change, textIn } from './items.js';

/** Points that come with a tier, when it is new. */
const POINTS = 100;

const FIELDS: Fields = { tier: { type: ['basic', 'gold'] }, remark: { type: 'text', otherwise: '' } };

/** The membership of a wallet: PUT or PATCH sets it; who comes to be gold gets points in the wallet, once. */
export function membershipRoutes(world: World, behaviour: Behaviour): readonly Route[] {
  const path = '/wallets/:id/membership';
  const handle = (request: Incoming) => write(request, world, behaviour);
  return [
    { method: 'GET', path, handle: request => read(request, world) },
    { method: 'PUT', path, handle },
    { method: 'PATCH', path, handle },
  ];
}

function walletOf({ params }: Incoming, world: World): Item | undefined {
  const item = world.items.get(params['id'] ?? '');
  return item?.at === '/wallets' ? visible(world, item) : undefined;
}

function membershipOf(wallet: Item): Members {
  return { tier: textIn(wallet, 'tier') || 'basic', remark: textIn(wallet, 'remark') };
}

function read(request: Incoming, world: World): Reply {
  const wallet = walletOf(request, world);
  return wallet === undefined ? notFound() : json(200, membershipOf(wallet));
}

function write(request: Incoming, world: World, behaviour: Behaviour): MaybeReply {
  const wallet = walletOf(request, world);
  if (wallet === undefined) return notFound();
  const before = request.method === 'PATCH' ? membershipOf(wallet) : {};
  const draft = draftOf(withDefaults(FIELDS, before), request.body);
  if (draft.refusal !== null) return draft.refusal;
  const { id } = wallet;
  const said = draft.value;
  const isGold = (members: Members) => members['tier'] === 'gold';
  return behaviour.act({
    name: 'membership',
    method: request.method,
    id,
    refusal: () => (world.items.get(id) === undefined ? notFound() : null),
    isDue: () => isGold(said) && !isGold(membershipOf(world.items.get(id) ?? wallet)),
    effect: () => add(world, id, 'points', POINTS),
    commit: () => json(200, membershipOf(change(world, id, said) ?? wallet)),
  });
}

function withDefaults(fields: Fields, values: Members): Fields {
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]) => {
      const otherwise = values[name] ?? field.otherwise;
      return [name, { type: field.type, ...(otherwise === undefined ? {} : { otherwise }) }];
    }),
  );
}
