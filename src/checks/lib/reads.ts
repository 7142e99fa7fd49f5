import type { Subject } from '../../core/check.js';

/** Why an operation is no GET that can be sent again and again; `null` when it is. */
export function whyNoRead({ operation, resource }: Subject): string | null {
  const { method, role, path } = operation;
  if (method !== 'GET') return 'not a GET';
  if (role === 'read') return resource.create === null ? 'no create operation to make something to read' : null;
  if (role === 'other') return hasParameters(path) ? 'a GET with parameters in its path, which nothing fills' : null;
  return role === 'list' ? null : 'not a read, a list, or another GET that stands by itself';
}

/** Whether a path has places to fill beside `{{...}}`, which need no resource. */
function hasParameters(path: string): boolean {
  return /\{[^{}]+\}/.test(path.replaceAll(/\{\{[^{}]*\}\}/g, ''));
}
