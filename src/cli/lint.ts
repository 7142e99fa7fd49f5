import { dirname, relative } from 'node:path';
import { checks } from '../checks/registry.js';
import { UsageError } from '../core/errors.js';
import type { Operation } from '../core/operation.js';
import type { Case } from '../core/plan.js';
import type { Result } from '../core/report.js';
import { isReview, reviewCases } from '../engine/review.js';
import { makePlan } from '../plan/make-plan.js';
import { createSelection } from '../plan/selection.js';
import { countsAgainst } from '../report/gate.js';
import { lintFindings, lintJson, renderLint } from '../report/lint-view.js';
import { plural } from '../report/sentence.js';
import { loadSpec } from '../spec/load.js';
import { overlayOf } from '../spec/openapi/overlay.js';
import { isUrl } from '../spec/openapi/resolve.js';
import { nearest } from '../spec/suggest.js';
import { EXIT } from './exit.js';
import { fetchText } from './fetch-text.js';
import type { LintOptions } from './flags/options.js';
import { colourOf, type Io } from './io.js';
import { lacksIn } from './lint-lacks.js';
import { chosenChecks, gateOf } from './settings.js';
import { writeWhole } from './write-whole.js';

/** `idem-check lint`: what an OpenAPI document does not say about retries. Sends nothing to the API. */
export async function lint(file: string, options: LintOptions, io: Io): Promise<number> {
  const spec = await loadSpec(file, { env: io.env, profile: options.profile, fetchText });
  if (spec.inference === null) {
    throw new UsageError(
      `${file} names no OpenAPI document; lint the document itself, or add "openapi: ./openapi.yaml"`,
    );
  }
  const all = { include: [], exclude: [], shard: null };
  const selection = createSelection({ ...chosenChecks(options, spec.checks), ...all }, checks, nearest);
  const plan = makePlan({ ...spec, isAuthenticated: false }, checks, selection);
  const cases = plan.cases.filter(one => isReview(one) && one.variant === null);
  const operations = new Map(
    [...plan.cases, ...plan.omissions].map(({ operation }) => [operation.name, operation] as const),
  );
  if (operations.size === 0) throw new UsageError(`${file}: describes no operation`);
  if (cases.length === 0) throw new UsageError(`${file}: nothing is left to check; lint knows the checks doc-*`);
  const results = judged(cases, spec.checks.severity);
  const findings = lintFindings(results, checks);
  if (options.json) io.out(lintJson(findings));
  else {
    io.out(
      renderLint(findings, {
        operations: operations.size,
        verbose: options.verbose,
        colour: colourOf(options.color, io),
      }),
    );
  }
  if (options.overlay !== null) await writeOverlay(options.overlay, file, results, operations, io);
  const gate = gateOf(options);
  return results.some(result => countsAgainst(gate, { ...result, waived: null })) ? EXIT.findings : EXIT.ok;
}

function judged(cases: readonly Case[], severity: Parameters<typeof reviewCases>[2]['severity']): readonly Result[] {
  const nothing = { exchanges: [], operationOf: () => undefined, results: [] };
  return reviewCases(cases, nothing, {
    severity,
    onInternalError: error => {
      throw error;
    },
  });
}

async function writeOverlay(
  out: string,
  file: string,
  results: readonly Result[],
  operations: ReadonlyMap<string, Operation>,
  io: Io,
): Promise<void> {
  const { lacks, beyond } = lacksIn(results, operations);
  const document = [...operations.values()].find(({ documented }) => documented?.page !== undefined);
  const isOld = document?.documented?.page?.isOld === true;
  await writeWhole(out, overlayOf(lacks, { file, extended: isUrl(file) ? file : relative(dirname(out), file), isOld }));
  io.err(`wrote ${out}: what ${plural(lacks.length, 'operation')} lacked\n`);
  for (const { operation, why } of beyond) io.err(`${operation}: ${why}\n`);
}
