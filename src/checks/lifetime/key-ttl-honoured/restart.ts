import type { Subject, Tools } from '../../../core/check.js';
import { allOf, exchangeOf, type Evidence } from '../../../core/evidence.js';
import { isSuccess } from '../../../core/http.js';
import { hook, later } from '../../../core/step.js';
import { fail, note, type Verdict } from '../../../core/verdict.js';
import { needsSuccess } from '../../lib/http/answers.js';
import { voided } from '../../lib/http/statuses.js';
import { passCounted } from '../../lib/judging/counting.js';
import { measured } from '../../lib/judging/duration.js';
import { found } from '../../lib/judging/found.js';
import { sampleOf, unclearBecause } from '../../lib/judging/lifetime.js';
import { type Planted, planting, repeating, type RepeatSteps } from '../../lib/steps/aged-key.js';

/** The part of a declared lifetime after which a key may be gone; the rest is slack for clocks and sweepers. */
const DUE = 0.9;

/** The key that is repeated before the restart; the others are repeated after it. */
const CONTROL = 0;
const ROUNDS: readonly number[] = [CONTROL, 1, 2];

/** Uses keys, repeats one at once, restarts the service, and repeats the others. */
export function* overRestart(target: Subject, tools: Tools) {
  const planted: Planted[] = [];
  for (const round of ROUNDS) {
    const plant = yield* planting(target, tools, round);
    if (!isSuccess(plant.exchange)) return;
    planted.push(plant);
  }
  yield* later('wait', Math.max(tools.preflight.lagMs, 100));
  for (const plant of planted) {
    if (plant.round === CONTROL + 1) yield* hook('restart', 'restart');
    yield* repeating(target, plant);
  }
}

/** Whether keys outlived the restart. */
export function restartVerdict(
  target: Subject,
  evidence: Evidence<'plant' | RepeatSteps>,
): Verdict<'lost-on-restart', 'outlived-restart'> {
  const plants = allOf(evidence, 'plant');
  const unusable =
    voided(...plants) ?? ROUNDS.map(round => needsSuccess(exchangeOf(evidence, 'plant', round))).find(Boolean);
  if (unusable !== null && unusable !== undefined) return unusable;
  const [control, ...later] = plants.map(plant => sampleOf(target, evidence, plant));
  if (control === undefined || control.state === 'open') return control?.why ?? unclearBecause('no key was planted');
  if (control.state === 'gone') return unclearBecause('a key repeated at once did not hold');
  const { ttl } = target.operation.contract;
  const isDue = (age: number) => typeof ttl !== 'number' || age < DUE * ttl;
  for (const sample of later) {
    if (sample.state !== 'gone') continue;
    if (!isDue(sample.age))
      return unclearBecause(`the key was ${measured(sample.age)} old, and may have ended by itself`);
    const promise =
      ttl === 'unknown' ? ({ level: 'warn', basis: 'convention' } as const) : ({ basis: 'declared' } as const);
    return found(fail('lost-on-restart', { age: measured(sample.age) }, sample.exchanges, promise));
  }
  const open = later.find(sample => sample.state === 'open');
  if (open?.state === 'open') return open.why;
  const [held] = later;
  if (held?.state !== 'held') return unclearBecause('no key was repeated after the restart');
  return passCounted(evidence, held.reading, [note('outlived-restart')]);
}
