import type { Subject } from '../../../core/check.js';
import type { Resource } from '../../../core/resource.js';

/** Why an operation is no GET that can be sent again and again; `null` when it is. */
export function whyNoRead({ operation, resource }: Subject): string | null {
  const { method, role, path } = operation;
  if (method !== 'GET') return 'not a GET';
  if (role === 'read') return canBeRead(resource) ? null : 'neither a create nor a list to find something to read';
  if (role === 'other') return hasParameters(path) ? 'a GET with parameters in its path, which nothing fills' : null;
  return role === 'list' ? null : 'not a read, a list, or another GET that stands by itself';
}

/** Whether there is something to read: made for it, or found in a list. */
export function canBeRead({ create, list }: Resource): boolean {
  return create !== null || list !== null;
}

/** Whether a path has places to fill beside `{{...}}`, which need no resource. */
function hasParameters(path: string): boolean {
  return /\{[^{}]+\}/.test(path.replaceAll(/\{\{[^{}]*\}\}/g, ''));
}
