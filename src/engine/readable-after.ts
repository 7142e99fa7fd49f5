import { idIn } from '../core/arrange.js';
import { isSuccess, statusOf, type Exchange } from '../core/http.js';
import type { Resource } from '../core/resource.js';
import { withValues, type Scope } from '../core/scope.js';
import { later, send, type Probe } from '../core/step.js';
import { buildable } from './buildable.js';

/** A new record must show itself within this time, milliseconds. */
export const VISIBLE_WITHIN_MS = 10_000;
/** Pauses between looks, milliseconds; the last one repeats. */
const LOOKS = [0, 20, 50, 100, 200, 400];
const LONGEST_LOOK_MS = 800;
/** How long after an answer a look is taken, milliseconds; looks are numbered from 0. */
export function lookedForMs(look: number): number {
  return Array.from({ length: look + 1 }, (_, at) => LOOKS[at] ?? LONGEST_LOOK_MS).reduce((sum, ms) => sum + ms, 0);
}

/** Milliseconds until a record that was just made can be read; 0 where that cannot be seen, or does not come about. */
export function* readableAfter(resource: Resource, scope: Scope, made: Exchange): Probe<number> {
  const id = idIn(resource, scope, made);
  const { read, create } = resource;
  if (read === null || create === null || id === null || !isSuccess(made)) return 0;
  const captured = create.capture(made.response);
  const request = buildable(read, withValues(scope, { id, ...captured }));
  if (request === null) return 0;
  for (let look = 0; lookedForMs(look) <= VISIBLE_WITHIN_MS; look++) {
    const status = statusOf(yield* send('preflight read', request));
    if (status !== 404) return look === 0 || status === null || status >= 300 ? 0 : lookedForMs(look);
    yield* later('preflight pause', lookedForMs(look + 1), made.endAtUs);
  }
  return 0;
}
