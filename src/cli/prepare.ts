import { checks } from '../checks/registry.js';
import { UsageError } from '../core/errors.js';
import type { Plan } from '../core/plan.js';
import type { Spec } from '../core/spec.js';
import { makePlan } from '../plan/make-plan.js';
import { readOnly } from '../plan/read-only.js';
import { createSelection } from '../plan/selection.js';
import { findSpec } from '../spec/find.js';
import { loadSpec } from '../spec/load.js';
import { didYouMean } from '../spec/suggest.js';
import { fetchText } from './fetch-text.js';
import type { Io } from './io.js';
import { isAuthenticated, withFlagCallers } from './callers.js';
import { headersOf, selectionOf, type RunFlags } from './options.js';

/** Reads the spec, or finds it, and plans. Throws UsageError when nothing is left to check. */
export async function prepare(
  file: string | undefined,
  flags: RunFlags,
  io: Io,
): Promise<{ readonly spec: Spec; readonly plan: Plan }> {
  const found = file ?? findSpec(io.cwd);
  if (found === null) {
    throw new UsageError(
      'no spec is named, and no idem-check.yaml is in this folder or above it; try: idem-check run my-spec.yaml --url http://127.0.0.1:8080',
    );
  }
  const loaded = await loadSpec(found, { env: io.env, profile: flags.profile ?? null, fetchText });
  const called = withFlagCallers(loaded, headersOf(flags.header), headersOf(flags.identity, '--identity'));
  const spec = flags.readOnly === true ? readOnly(called) : called;
  const selection = createSelection(
    selectionOf(flags, spec.checks),
    checks,
    (word, of) => /"(.*)"/.exec(didYouMean(word, of))?.[1] ?? null,
  );
  const own = { caller: spec.caller, url: flags.url ?? spec.url };
  const plan = makePlan({ ...spec, isAuthenticated: isAuthenticated(own) }, checks, selection);
  if (plan.cases.length === 0)
    throw new UsageError(
      'nothing is left to check: the selection matches no operation, or no check applies to any (see idem-check plan)',
    );
  return { spec, plan };
}
