import type { Operation } from '../core/operation.js';
import type { Resource } from '../core/resource.js';
import { commandOracle } from './command.js';
import { identityOracle } from './identity.js';
import { listOracle } from './list.js';
import { numberOracle } from './number.js';
import { uncounted, type Oracle } from './oracle.js';

/** An oracle that sees nothing. */
export const blindOracle: Oracle = {
  kind: 'none',
  // oxlint-disable-next-line require-yield -- it has nothing to ask, and is a generator like the others
  *read() {
    return uncounted('none', 'nothing shows the effects');
  },
};

/** The ways of counting an operation's effects, best first; the preflight takes the first that works. */
export function oraclesFor(resource: Resource, operation: Operation): readonly Oracle[] {
  if (operation.role.startsWith('action:')) {
    const action = resource.actions.find(({ operation: { name } }) => name === operation.name);
    return action?.effect ? [numberOracle(action.effect, null)] : [];
  }
  return [
    resource.count === null ? null : commandOracle(resource.count),
    resource.list === null ? null : listOracle(resource.list),
    identityOracle,
  ].filter(oracle => oracle !== null);
}
