import type { Operation } from '../core/operation.js';
import type { Resource } from '../core/resource.js';
import { commandOracle } from './command.js';
import { identityOracle } from './identity.js';
import { listOracle } from './list/list.js';
import { numberOracle } from './number.js';
import { uncounted, type Oracle } from './oracle.js';
import { viewOracle } from './view/view.js';

/** An oracle that sees nothing. */
export const blindOracle: Oracle = {
  kind: 'none',
  // oxlint-disable-next-line require-yield -- it has nothing to ask, and is a generator like the others
  *read() {
    return uncounted('none', 'nothing shows the effects');
  },
};

/**
 * The ways of counting an operation's effects, best first; the preflight takes the first that works. What is no create
 * is counted by the number its spec names, else by what the reads of all `resources` show to move. For a create that
 * comes last, and only where it has parents or a set-up to show it: it is no count of records, but sees what a create
 * does beside its own.
 */
export function oraclesFor(
  resource: Resource,
  operation: Operation,
  resources: readonly Resource[],
): readonly Oracle[] {
  const view = viewOracle(resources, null);
  if (operation.role !== 'create') {
    const action = resource.actions.find(({ operation: { name } }) => name === operation.name);
    return [action?.effect ? numberOracle(action.effect, null) : view];
  }
  return [
    resource.count === null ? null : commandOracle(resource.count),
    resource.list === null ? null : listOracle(resource.list),
    identityOracle,
    resource.parents.length + resource.setup.length === 0 ? null : view,
  ].filter(oracle => oracle !== null);
}
