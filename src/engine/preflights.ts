import type { Preflight } from '../core/preflight.js';
import type { Operation } from '../core/operation.js';
import type { Case } from '../core/plan.js';
import type { Resource } from '../core/resource.js';
import type { Counted } from '../core/step.js';
import { besides } from '../oracle/besides.js';
import { blindOracle, oraclesFor } from '../oracle/choose.js';
import type { Oracle } from '../oracle/oracle.js';
import { hasElsewhere } from './elsewhere.js';
import type { Known } from './find-preflight.js';
import { plainPreflight } from './preflight-of.js';

/** What the run knows of its operations: found out when first asked for, and once. */
export interface Preflights {
  /** The preflight a case is judged by: its operation's own when that has effects, else that of its resource's create. */
  readonly of: (planned: Pick<Case, 'operation' | 'resource'>) => Promise<Preflight>;
  /** The oracle a count asks for: the one its operation's preflight settled on, else the best there is. */
  readonly oracleOf: (counted: Pick<Counted, 'operation' | 'resource' | 'isApart'>) => Oracle;
}

/** `trouble` is why nothing can be judged, set-up having failed; then nothing is found out either. */
export function createPreflights(
  find: (operation: Operation, resource: Resource, placedLagMs: number) => Promise<Known>,
  trouble: Preflight['trouble'],
): Preflights {
  const started = new Map<string, Promise<Known>>();
  const knowns = new Map<string, Known>();

  async function preflightOf(operation: Operation, resource: Resource, placedLagMs = 0): Promise<Preflight> {
    const name = ownName(operation, resource);
    const finding = started.get(name) ?? find(operation, resource, placedLagMs);
    started.set(name, finding);
    const known = await finding;
    knowns.set(name, known);
    return known.preflight;
  }

  /** What stands below a parent from its beginning is seen as late as the parent is. */
  async function plainBelow(operation: Operation, { parents }: Resource): Promise<Preflight> {
    const plain = plainPreflight(operation.name);
    const parent = parents.at(-1);
    if (parent === undefined || parent.create === null) return plain;
    const { trouble, lagMs, settleMs } = await preflightOf(parent.create, parent);
    return trouble === null ? { ...plain, lagMs, settleMs } : plain;
  }

  return {
    async of({ operation, resource }) {
      if (trouble !== null) return plainPreflight(operation.name, trouble);
      if (operation.role === 'other') return plainPreflight(operation.name);
      const created = resource.create === null ? null : await preflightOf(resource.create, resource);
      const plain = created ?? (await plainBelow(operation, resource));
      if (hasElsewhere(operation, resource) && plain.trouble === null) {
        const { seesElsewhere = false, lagMs, settleMs } = await preflightOf(operation, resource, plain.lagMs);
        if (!seesElsewhere) return plain;
        return {
          ...plain,
          seesElsewhere,
          lagMs: Math.max(plain.lagMs, lagMs),
          settleMs: Math.max(plain.settleMs, settleMs),
        };
      }
      if (!hasEffects(operation)) return plain;
      return created !== null && created.trouble !== null ? created : await preflightOf(operation, resource);
    },
    oracleOf({ operation, resource, isApart }) {
      const found = knowns.get(ownName(operation, resource));
      const { oracle = oraclesFor(resource, operation, [])[0] ?? blindOracle, beside = null } = found ?? {};
      return isApart === true && beside !== null ? besides(oracle, beside) : oracle;
    },
  };
}

/** Whether an operation has effects of its own to be counted, and so a preflight of its own. */
export function hasEffects({ role }: Operation): boolean {
  return role === 'create' || role.startsWith('action:');
}

/** The name of an operation within its resource: two resources may share one. */
function ownName(operation: Operation, resource: Resource): string {
  return `${resource.name} ${operation.name}`;
}
