import type { Behaviour, Creation } from './behaviour.js';
import { strongMatch } from './entity-tags.js';
import { accountDraft, depositDraft, type AccountDraft } from './drafts.js';
import { conditions, type Incoming } from './incoming.js';
import { keyed } from './key-layer.js';
import { idIn } from './orders.js';
import { page, wantedIn } from './paging.js';
import { visible } from './reading.js';
import type { Account } from './records.js';
import { empty, json, type MaybeReply, type Reply } from './reply.js';
import type { Route, Routes } from './routes.js';
import type { World } from './world.js';
import { notFound, preconditionFailed } from './writing.js';

/** Accounts: one per owner; deposits, whose effect is the balance. */
export const accountRoutes: Routes = (world, behaviour) => {
  const list: readonly Route[] = [
    { method: 'GET', path: '/accounts', handle: request => page(request, listed(request, world), world, behaviour) },
  ];
  return [
    { method: 'POST', path: '/accounts', handle: request => create(request, world, behaviour) },
    ...(world.choices.list ? list : []),
    { method: 'GET', path: '/accounts/:id', handle: request => read(request, world, behaviour) },
    { method: 'DELETE', path: '/accounts/:id', handle: request => remove(request, world, behaviour) },
    { method: 'POST', path: '/accounts/:id/deposits', handle: request => deposit(request, world, behaviour) },
  ];
};

function listed(request: Incoming, world: World): readonly Account[] {
  const owner = wantedIn(request, 'owner', world);
  return world.accounts
    .all()
    .filter(account => visible(world, account) !== undefined && (owner === null || account.owner === owner));
}

function create(request: Incoming, world: World, behaviour: Behaviour): Promise<Reply> {
  return keyed(request, world, behaviour, async () => {
    const draft = accountDraft(request.body);
    return draft.refusal ?? behaviour.create(creation(draft.value, world));
  });
}

function creation(draft: AccountDraft, { accounts, clock, ids }: World): Creation {
  const twin = () => accounts.all().find(account => account.owner === draft.owner);
  return {
    unique: `owner:${draft.owner}`,
    twin,
    alike: twin,
    insert: () => {
      const nowMs = clock.nowMs();
      const account: Account = {
        ...draft,
        kind: 'account',
        id: ids(),
        version: 1,
        createdAtMs: nowMs,
        updatedAtMs: nowMs,
        balance: 0,
      };
      accounts.put(account);
      return account;
    },
  };
}

function read(request: Incoming, world: World, behaviour: Behaviour): Reply {
  const account = visible(world, world.accounts.get(idIn(request)));
  return account === undefined ? notFound() : behaviour.shown(account, conditions(request));
}

function remove(request: Incoming, { accounts, lock, choices }: World, behaviour: Behaviour): MaybeReply {
  const id = idIn(request);
  const { ifMatch } = conditions(request);
  return lock(`account:${id}`, async () => {
    const account = accounts.get(id);
    const isStale = account !== undefined && ifMatch !== null && !strongMatch(ifMatch, behaviour.etagOf(account));
    if (isStale) return preconditionFailed();
    if (accounts.remove(id) || choices.deleteMissing === 204) return empty(204);
    return notFound();
  });
}

function deposit(request: Incoming, world: World, behaviour: Behaviour): Promise<Reply> {
  const id = idIn(request);
  return keyed(request, world, behaviour, async () => {
    const amount = depositDraft(request.body);
    const refused = (refusal: Reply) =>
      behaviour.refused({ kind: 'deposit', method: request.method, id, body: request.body, refusal });
    if (amount.refusal !== null) return refused(amount.refusal);
    return behaviour.deposit({
      account: id,
      amount: amount.value,
      find: () => world.accounts.get(id),
      absent: () => refused(notFound()),
      commit: balance => paidIn(id, amount.value, balance, world),
    });
  });
}

function paidIn(id: string, amount: number, balance: number, { accounts, clock, ids }: World): Reply {
  const account = accounts.get(id);
  if (account === undefined) return notFound();
  accounts.put({ ...account, balance, version: account.version + 1, updatedAtMs: clock.nowMs() });
  return json(201, { id: ids(), account: id, amount, balance });
}
