import { planJson, renderPlan } from '../report/plan-view.js';
import { EXIT } from './exit.js';
import type { PlanOptions } from './flags/options.js';
import { foresee } from './foresee.js';
import { colourOf, type Io } from './io.js';
import { prepare } from './prepare.js';
import { redactionOf } from './secrets.js';

/** `idem-check plan`: what would run and what would not, why, and how many requests. Sends nothing. */
export async function plan(file: string | undefined, options: PlanOptions, io: Io): Promise<number> {
  const { spec, plan: planned } = await prepare(file === undefined ? null : { file }, options, io, options.seed);
  const url = options.url ?? spec.url ?? 'http://127.0.0.1';
  const view = foresee(spec, planned, { url, options, redact: redactionOf(spec, url) });
  if (spec.profileReason !== null) io.err(`profile ${spec.profile}, a guess: ${spec.profileReason}\n`);
  const width = Math.min(io.columns, 120);
  io.out(options.json ? planJson(view) : renderPlan(view, { colour: colourOf(options.color, io), width }));
  return EXIT.ok;
}
