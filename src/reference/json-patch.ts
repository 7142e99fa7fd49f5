import { isObject } from './reply.js';

type Document = Readonly<Record<string, unknown>>;

/**
 * A flat document after a JSON Patch (RFC 6902): add, replace, remove and test, on its members and on the items of its
 * lists. Hands back why not where a step is not understood, leads nowhere or does not hold.
 */
export function patched(whole: Document, body: string): Document | string {
  const steps = stepsIn(body);
  if (steps === null) return 'The body must be a list of steps, each with op and path.';
  let document = whole;
  for (const step of steps) {
    const next = applied(document, step);
    if (next === null) return `The step ${JSON.stringify(step)} cannot be taken.`;
    document = next;
  }
  return document;
}

interface Step {
  readonly op: string;
  readonly path: string;
  readonly value?: unknown;
}

function stepsIn(body: string): readonly Step[] | null {
  try {
    const steps: unknown = JSON.parse(body);
    return Array.isArray(steps) && steps.every(isStep) ? steps : null;
  } catch {
    return null;
  }
}

function isStep(value: unknown): value is Step {
  return isObject(value) && typeof value['op'] === 'string' && typeof value['path'] === 'string';
}

function applied(document: Document, { op, path, value }: Step): Document | null {
  const [root, name, index, ...rest] = path.split('/');
  if (root !== '' || name === undefined || rest.length > 0 || !Object.hasOwn(document, name)) return null;
  if (index !== undefined) {
    const list = document[name];
    const changed = Array.isArray(list) ? appliedToList(list, op, index, value) : null;
    return changed === null ? null : { ...document, [name]: changed };
  }
  switch (op) {
    case 'add':
    case 'replace':
      return { ...document, [name]: value };
    case 'remove':
      return { ...document, [name]: null };
    case 'test':
      return JSON.stringify(document[name]) === JSON.stringify(value) ? document : null;
    default:
      return null;
  }
}

function appliedToList(list: readonly unknown[], op: string, index: string, value: unknown): readonly unknown[] | null {
  const at = index === '-' ? list.length : /^(?:0|[1-9]\d*)$/.test(index) ? Number(index) : -1;
  if (op === 'add') return at >= 0 && at <= list.length ? list.toSpliced(at, 0, value) : null;
  if (at < 0 || at >= list.length) return null;
  switch (op) {
    case 'replace':
      return list.with(at, value);
    case 'remove':
      return list.toSpliced(at, 1);
    case 'test':
      return list[at] === value ? list : null;
    default:
      return null;
  }
}
