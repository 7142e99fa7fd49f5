import { defineScenario, type Scenario, type Subject } from '../../core/check.js';
import { allOf, exchangeOf, type Evidence } from '../../core/evidence.js';
import { isSuccess, type Exchange, type Request } from '../../core/http.js';
import type { PlantedKey } from '../../core/planted-key.js';
import type { Scope } from '../../core/scope.js';
import { send, type Probe } from '../../core/step.js';
import { Trouble } from '../../core/trouble.js';
import { inconclusive, type Verdict } from '../../core/verdict.js';
import { lostAnswer, needsSuccess } from '../lib/http/answers.js';
import { voided } from '../lib/http/statuses.js';
import { duration } from '../lib/judging/duration.js';
import { dateOf, sampleOf, unclearBecause } from '../lib/judging/lifetime.js';
import { aging, type Planted, planting, repeating, type RepeatSteps } from '../lib/steps/aged-key.js';
import { optional } from '../lib/steps/made.js';

/** A key on its way into a state file. */
export type NewKey = Omit<PlantedKey, 'id' | 'environment' | 'request' | 'plantedAt'> & { readonly request: Request };

/**
 * Plants keys for a later run: one is repeated at once and must hold; then `copies` for each age (seconds), each told
 * to `keep` as soon as it was answered.
 */
export function plantScenario(
  subject: Subject,
  {
    ages,
    copies,
    keep,
  }: { readonly ages: readonly number[]; readonly copies: number; readonly keep: (key: NewKey) => void },
): Scenario {
  const wanted = ages.flatMap(due => Array.from({ length: copies }, () => due));
  let done = 0;
  return defineScenario({
    *probe(tools) {
      const control = yield* planting(subject, tools, 0);
      if (!isSuccess(control.exchange)) return;
      yield* aging(tools, control, 0, 0);
      if (!(yield* repeating(subject, control)).isHeld) return;
      while (done < wanted.length) {
        const due = wanted[done] ?? 0;
        const plant = yield* planting(subject, tools, done + 1);
        if (!isSuccess(plant.exchange)) return;
        keep(yield* remembered(subject, plant, due));
        done++;
      }
    },
    judge(evidence) {
      const plants = allOf(evidence, 'plant');
      const unusable = plants.map(one => voided(one) ?? needsSuccess(one)).find(one => one !== null);
      const control = controlOf(subject, evidence);
      if (control !== null) return control;
      if (done === 0) return unusable ?? lostAnswer(undefined);
      const due = duration(Math.min(...wanted.slice(0, done)));
      return inconclusive('planted', { keys: done === 1 ? '1 key' : `${done} keys`, due });
    },
  });
}

/** What is kept of a key. Throws Trouble where its request needs values that a state file must not hold. */
function* remembered(
  subject: Subject,
  { round, scope, key, request, before, exchange, made }: Planted,
  due: number,
): Probe<NewKey, 'planted'> {
  const { operation, resource } = subject;
  const kept = idsOnly(scope);
  const rebuilt = optional(operation, kept, { key });
  if (rebuilt === null || JSON.stringify(rebuilt.request) !== JSON.stringify(request.request)) {
    throw new Trouble('setup-template', {
      operation: operation.name,
      detail: 'it needs captured values, which a state file does not keep',
    });
  }
  const read = optional(resource.read, made);
  const shown = read === null ? null : yield* send('planted', read, round);
  const { kind, count, value } = before;
  return {
    operation: operation.name,
    resource: resource.name,
    key,
    scope: kept,
    request: request.request,
    record: made === null ? null : String(made.values['id'] ?? ''),
    showsMarker: shown !== null && shows(shown, scope),
    before: { kind, count, value },
    serverDate: isoOf(dateOf(exchange)),
    due,
    claimedAt: null,
  };
}

/** Why nothing can be said: the key that was repeated at once did not hold, or could not be judged. */
export function controlOf(subject: Subject, evidence: Evidence<'plant' | RepeatSteps>): Verdict<never, never> | null {
  const first = exchangeOf(evidence, 'plant', 0);
  if (first === undefined) return lostAnswer(first);
  const unusable = voided(first) ?? needsSuccess(first);
  if (unusable !== null) return unusable;
  const control = sampleOf(subject, evidence, first);
  if (control.state === 'open') return control.why;
  return control.state === 'gone' ? unclearBecause('a key repeated at once did not hold') : null;
}

/** Whether a read shows the marker. */
export function shows(read: Exchange, { marker }: Scope): boolean {
  return isSuccess(read) && read.response.body.includes(marker);
}

function idsOnly(scope: Scope): Scope {
  const ids = Object.entries(scope.values).filter(([name]) => name === 'id' || name.endsWith('.id'));
  return { ...scope, values: Object.fromEntries(ids) };
}

function isoOf(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
