import type { Subject } from '../../../core/check.js';
import { isSuccess, type Exchange } from '../../../core/http.js';
import { changesBetween, isAbsent, restlessPaths } from '../http/state.js';
import { fieldsIn, isAlike, isFieldAt, isTimeField, isVersionField } from '../json/fields.js';

/**
 * Whether a read shows that a write took effect, given two reads before it. A DELETE took effect when the resource is
 * gone. A write answered with 2xx did when something beside versions and times changed; one that was refused, or got no
 * answer, only when the state shows what it says. `unclear`: the state cannot be read or compared.
 */
export function tookEffect(
  { operation, resource }: Pick<Subject, 'operation' | 'resource'>,
  write: Exchange,
  [early, state]: readonly [Exchange | undefined, Exchange | undefined],
  after: Exchange | undefined,
): 'yes' | 'no' | 'unclear' {
  if (operation.role === 'delete' && isAbsent(resource, after)) return 'yes';
  const changes = changesBetween(state, after, restlessPaths(resource, early, state));
  if (changes === null) return 'unclear';
  const real = changes.filter(({ path }) => !isVersionField(path));
  if (real.length === 0) return isRestless(early, state) ? 'unclear' : 'no';
  if (operation.role === 'delete') return 'no';
  if (isSuccess(write) && real.some(({ path }) => !isTimeField(path))) return 'yes';
  const written = fieldsIn(write.request);
  const isTaken = real.some(
    ({ path, after: now }) =>
      (path === '$' && now === write.request.body) ||
      written.some(leaf => isFieldAt(leaf.path, path) && isAlike(leaf.value, now)),
  );
  if (isTaken) return 'yes';
  return real.some(({ path }) => path === '$') ? 'unclear' : 'no';
}

/** Whether a body that is no JSON changes by itself, so that nothing in it can be compared. */
function isRestless(one: Exchange | undefined, two: Exchange | undefined): boolean {
  return (changesBetween(one, two) ?? []).some(({ path }) => path === '$');
}
