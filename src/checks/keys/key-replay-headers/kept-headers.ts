import type { Subject } from '../../../core/check.js';
import { header, type Answered, type Response } from '../../../core/http.js';
import { warn, type Finding } from '../../../core/verdict.js';
import { codingOf } from '../key-replay-headers/coding.js';

/** Headers a client goes on from. */
export const KEPT: readonly string[] = ['Location', 'ETag', 'Content-Type', 'Content-Location', 'Link', 'Retry-After'];

/** Those of them that say something else when they change. Links and waits may be made anew. */
const FIXED: readonly string[] = ['Location', 'ETag', 'Content-Type', 'Content-Location'];

/** A header of the first answer that the repeat has no more, or with another value. */
export function lost(
  { operation }: Subject,
  name: string,
  first: Answered,
  replay: Answered,
): Finding<'header-lost' | 'header-changed'> | null {
  const [before, after] = [header(first.response, name), header(replay.response, name)];
  if (before === null || isDispensable(operation.contract.replayStatuses, name, first.response, replay.response))
    return null;
  if (after === null) return warn('header-lost', { name, value: before }, [first, replay]);
  if (!FIXED.includes(name) || isSame(name, before, after)) return null;
  return warn('header-changed', { name, first: before, second: after }, [first, replay]);
}

/** A tag belongs to one coding; an empty body has no type; a declared status other than 201 needs no Location. */
function isDispensable(declared: readonly number[], name: string, first: Response, replay: Response): boolean {
  switch (name) {
    case 'ETag':
      return codingOf(first) !== codingOf(replay);
    case 'Content-Type':
      return replay.bodyBytes === 0;
    case 'Location':
      return replay.status !== first.status && declared.includes(replay.status);
    default:
      return false;
  }
}

function isSame(name: string, one: string, two: string): boolean {
  if (one === two) return true;
  if (name === 'Content-Type') return plain(one) === plain(two);
  return name !== 'ETag' && (pathOf(one).endsWith(pathOf(two)) || pathOf(two).endsWith(pathOf(one)));
}

function plain(type: string): string {
  return type.toLowerCase().replaceAll(/[\s"]/g, '');
}

function pathOf(location: string): string {
  return location.replace(/^https?:\/\/[^/]*/i, '');
}
