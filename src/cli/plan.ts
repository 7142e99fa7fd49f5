import { operationsOf } from '../core/resource.js';
import type { Plan } from '../core/plan.js';
import type { Spec } from '../core/spec.js';
import { oraclesFor } from '../oracle/choose.js';
import { EXIT } from './exit.js';
import type { Io } from './io.js';
import type { RunFlags } from './options.js';
import { prepare } from './prepare.js';

/** `idem-check plan`: what would run and what would not, and why. Sends nothing. */
export async function plan(
  file: string | undefined,
  flags: RunFlags & { readonly json?: boolean },
  io: Io,
): Promise<number> {
  const { spec, plan: planned } = await prepare(file, flags, io);
  const view = viewOf(spec, planned);
  io.out(flags.json === true ? `${JSON.stringify(view, null, 2)}\n` : textOf(view));
  return EXIT.ok;
}

type View = ReturnType<typeof viewOf>;

function viewOf({ resources }: Spec, { cases, omissions }: Plan) {
  return {
    resources: resources.map(resource => ({
      name: resource.name,
      parents: resource.parents.map(({ name }) => name),
      oracle: (resource.create === null ? undefined : oraclesFor(resource, resource.create)[0])?.kind ?? 'none',
    })),
    operations: resources.flatMap(resource =>
      operationsOf(resource).map(operation => {
        const { key } = operation.contract;
        const isOwn = (one: { readonly operation: { readonly name: string } }) => one.operation.name === operation.name;
        return {
          operation: operation.name,
          resource: resource.name,
          role: operation.role,
          key: key === null ? null : { in: key.in, name: key.name, required: key.required },
          checks: [
            ...cases
              .filter(isOwn)
              .map(({ check, variant }) => ({ check: named(check.id, variant), applies: true, reason: null })),
            ...omissions
              .filter(isOwn)
              .map(({ check, variant, reason }) => ({ check: named(check.id, variant), applies: false, reason })),
          ],
        };
      }),
    ),
  };
}

function named(check: string, variant: string | null): string {
  return variant === null ? check : `${check}:${variant}`;
}

function textOf({ resources, operations }: View): string {
  const parts = resources.map(({ name, parents, oracle }) => {
    const own = operations.filter(({ resource }) => resource === name);
    const head = `${name}${parents.length === 0 ? '' : ` (in ${parents.join(', ')})`}  counted by: ${oracle}`;
    return [head, ...own.map(operationText)].join('\n');
  });
  return `${parts.join('\n\n')}\n`;
}

function operationText({ operation, role, key, checks }: View['operations'][number]): string {
  const carrier = key === null ? 'no key' : `key ${key.name} in ${key.in}${key.required === true ? ', required' : ''}`;
  const applying = checks.filter(({ applies }) => applies).map(({ check }) => `    runs  ${check}`);
  const reasons = new Map<string, string[]>();
  for (const { check, applies, reason } of checks) {
    if (!applies && reason !== null) reasons.set(reason, [...(reasons.get(reason) ?? []), check]);
  }
  const others = [...reasons].map(([reason, names]) => `    not   ${reason}: ${names.join(', ')}`);
  return [`  ${operation}  (${role}, ${carrier})`, ...applying, ...others].join('\n');
}
