import { outgoing, type Making } from '../../../core/arrange.js';
import type { Tools } from '../../../core/check.js';
import { isSuccess } from '../../../core/http.js';
import type { Operation } from '../../../core/operation.js';
import { send, type Probe } from '../../../core/step.js';
import { placed } from './putting.js';
import { settle, writing, type Place, type Written } from './writing.js';

/** So many writes elsewhere lie between the two to the twin: more than another client is likely to make meanwhile. */
const BETWEEN = 3;

/**
 * The same write twice to a fresh resource, with writes to the first one between, and a read after each: a number that
 * counts the writes of the whole server moves by another step there than on the first.
 */
export function* twinRepeat(
  { operation, read }: { readonly operation: Operation; readonly read: Operation },
  first: Place,
  tools: Tools,
): Probe<void, Making | Written<'twin' | 'between'> | 'twin state'> {
  const { resource } = first;
  const twin: Place = { resource, scope: yield* placed(operation, resource, tools) };
  const write = ({ scope }: Place) => outgoing(operation, scope, { key: tools.key() });
  for (const round of [0, 1]) {
    if (!isSuccess(yield* writing('twin', write(twin), twin, { round }))) return;
    yield* settle(tools);
    yield* send('twin state', outgoing(read, twin.scope), round);
    if (round === 1) return;
    for (let at = 0; at < BETWEEN; at++) yield* writing('between', write(first), first, { round: at });
  }
}
