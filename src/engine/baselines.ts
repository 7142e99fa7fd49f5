import type { Baseline } from '../core/baseline.js';
import type { Operation } from '../core/operation.js';
import type { Case } from '../core/plan.js';
import type { Resource } from '../core/resource.js';
import type { Counted } from '../core/step.js';
import { besides } from '../oracle/besides.js';
import { blindOracle, oraclesFor } from '../oracle/choose.js';
import type { Oracle } from '../oracle/oracle.js';
import type { Known } from './find-baseline.js';
import { plainBaseline } from './preflight.js';

/** What the run knows of its operations: found out when first asked for, and once. */
export interface Baselines {
  /** The baseline a case is judged by: its operation's own when that has effects, else that of its resource's create. */
  readonly of: (planned: Pick<Case, 'operation' | 'resource'>) => Promise<Baseline>;
  /** The oracle a count asks for: the one its operation's preflight settled on, else the best there is. */
  readonly oracleOf: (counted: Pick<Counted, 'operation' | 'resource' | 'isApart'>) => Oracle;
}

/** `trouble` is why nothing can be judged, set-up having failed; then nothing is found out either. */
export function createBaselines(
  find: (operation: Operation, resource: Resource) => Promise<Known>,
  trouble: Baseline['trouble'],
): Baselines {
  const started = new Map<string, Promise<Known>>();
  const knowns = new Map<string, Known>();

  async function baselineOf(operation: Operation, resource: Resource): Promise<Baseline> {
    const name = ownName(operation, resource);
    const finding = started.get(name) ?? find(operation, resource);
    started.set(name, finding);
    const known = await finding;
    knowns.set(name, known);
    return known.baseline;
  }

  return {
    async of({ operation, resource }) {
      if (trouble !== null) return plainBaseline(operation.name, trouble);
      if (operation.role === 'other') return plainBaseline(operation.name);
      const created = resource.create === null ? null : await baselineOf(resource.create, resource);
      if (!hasEffects(operation)) return created ?? plainBaseline(operation.name);
      return created !== null && created.trouble !== null ? created : await baselineOf(operation, resource);
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
