import { checks } from '../checks/registry.js';
import { UsageError } from '../core/errors.js';
import type { Plan } from '../core/plan.js';
import type { Spec } from '../core/spec.js';
import { makePlan } from '../plan/make-plan.js';
import { readOnly } from '../plan/read-only.js';
import { createSelection } from '../plan/selection.js';
import { findSpec } from '../spec/find.js';
import { loadSpec, loadSpecText } from '../spec/load.js';
import { nearest } from '../spec/suggest.js';
import { isAuthenticated, withFlagCallers } from './callers.js';
import { fetchText } from './fetch-text.js';
import type { ChoosingOptions, TargetOptions } from './flags/options.js';
import type { Io } from './io.js';
import { selectionOf } from './settings.js';

/** Where a spec comes from: a file or address, a text with the name it goes by in messages, or `null` = it is looked for. */
export type SpecSource = { readonly file: string } | { readonly text: string; readonly name: string } | null;

/** A spec, and what is to be checked of it. */
export interface Prepared {
  readonly spec: Spec;
  readonly plan: Plan;
}

/** Reads the spec, or finds it, and plans. Throws UsageError when nothing is left to check. */
export async function prepare(
  source: SpecSource,
  options: TargetOptions & ChoosingOptions,
  { env, cwd }: Pick<Io, 'env' | 'cwd'>,
  seed: number | null,
): Promise<Prepared> {
  const { profile, header, identity } = options;
  const reading = { env, profile, fetchText, ...(seed === null ? {} : { seed }) };
  const loaded =
    source !== null && 'text' in source
      ? await loadSpecText(source.text, source.name, reading)
      : await loadSpec(source?.file ?? foundFrom(cwd), reading);
  const called = withFlagCallers(loaded, header, identity);
  const spec = options.readOnly ? readOnly(called) : called;
  const selection = createSelection(selectionOf(options, spec.checks), checks, nearest);
  const own = { caller: spec.caller, url: options.url ?? spec.url };
  const plan = makePlan({ ...spec, isAuthenticated: isAuthenticated(own) }, checks, selection);
  if (plan.cases.length === 0)
    throw new UsageError(
      'nothing is left to check: the selection matches no operation, or no check applies to any (see idem-check plan)',
    );
  return { spec, plan };
}

function foundFrom(cwd: string): string {
  const found = findSpec(cwd);
  if (found !== null) return found;
  throw new UsageError(
    'no spec is named, and no idem-check.yaml is in this folder or above it; try: idem-check run my-spec.yaml --url http://127.0.0.1:8080',
  );
}
