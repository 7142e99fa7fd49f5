import type { Subject } from '../../../core/check.js';
import { isSuccess, type Answered, type Exchange } from '../../../core/http.js';
import { likeness } from '../json/likeness.js';

/** A shorter id or body may come again by chance. */
const TELLING_LENGTH = 8;

/** Whether a text is long enough not to come again by chance. */
export function isTelling(text: string): boolean {
  return text.length >= TELLING_LENGTH;
}

/** The same answer again, in status and body, and more than an empty one. */
export function isCopy({ response: first }: Answered, { response: second }: Answered): boolean {
  if (!isTelling(first.body) || first.status !== second.status) return false;
  return ['bytes', 'json'].includes(likeness(first, second, []));
}

/** Whether a plain repeat under the same key made another record: then nothing is stored under it. */
export function isKeyIdle(
  { operation, resource }: Pick<Subject, 'operation' | 'resource'>,
  first: Exchange | undefined,
  again: Exchange | undefined,
): boolean {
  if (operation.role !== 'create' || first === undefined || again === undefined) return false;
  if (!isSuccess(first) || !isSuccess(again)) return false;
  return resource.id.of(first.response) !== resource.id.of(again.response);
}

/** What is said where a key turned out to be idle. */
export const IDLE_KEY = { detail: 'the key has no effect, so that nothing is stored under it' } as const;
