import { header, type Response } from './http.js';
import type { Operation } from './operation.js';

/** What a refusal says of the body that was sent. */
export interface Complaint {
  /** The member it minds, as `a.b`; of a 415 the content type. */
  readonly about: string;
  /** The line of an idem-check file that says what it wants. */
  readonly yaml: string;
}

/** Lists in which answers say what is wrong: RFC 9457's own example, JSON:API, FastAPI, Zod, gRPC. */
const LISTS = ['errors', 'invalid-params', 'invalid_params', 'invalidParams', 'detail', 'details', 'violations'];
const MORE_LISTS = ['issues', 'fieldErrors', 'fieldViolations', 'error', 'data'];
/** Members that name one. */
const NAMES = ['pointer', 'field', 'path', 'loc', 'param', 'parameter', 'property', 'propertyPath', 'instancePath'];
/** Only in an item of a list; at the top these may name anything. */
const NAMES_IN_ITEMS = [...NAMES, 'name', 'target'];
const DEEPEST = 4;

/**
 * What a 400, 415 or 422 minds in the body, and the line that mends it; `null` when it names nothing. `body` is what was
 * sent.
 */
export function complaintOf(operation: Operation, body: string | null, response: Response): Complaint | null {
  const place = placeOf(operation);
  if (body === null || place === null) return null;
  if (response.status === 415) {
    const wanted = header(response, operation.method === 'PATCH' ? 'Accept-Patch' : 'Accept-Post')?.split(/[,;]/)[0];
    return { about: 'its content type', yaml: place(`contentType: ${wanted ?? '<the type it takes>'}`) };
  }
  if (response.status !== 400 && response.status !== 422) return null;
  const steps = named(parsed(response.body), DEEPEST);
  if (steps === null) return null;
  const written = steps.reduceRight((inner, name, at) => `{ ${at === 0 ? '..., ' : ''}${name}: ${inner} }`, '<value>');
  return { about: steps.join('.'), yaml: place(`body: ${written}`) };
}

/** Puts a line of an operation where it belongs in a file; `null` for one that has no place of its own. */
function placeOf({ role, resource }: Operation): ((line: string) => string) | null {
  const [kind, action] = role.split(':');
  const inside = (line: string) =>
    action === undefined ? `${kind}: { ${line} }` : `actions: { ${action}: { ${line} } }`;
  const isKnown = action !== undefined || ['create', 'replace', 'update', 'delete'].includes(role);
  return isKnown ? line => `resources: { ${resource}: { ${inside(line)} } }` : null;
}

/** The steps to the first member that a refusal names. */
function named(answer: unknown, depth: number): readonly string[] | null {
  if (!isObject(answer) || depth === 0) return null;
  for (const list of [...LISTS, ...MORE_LISTS]) {
    const held = answer[list];
    const found = Array.isArray(held)
      ? held.map(item => inItem(item, depth - 1)).find(steps => steps !== null)
      : isObject(held)
        ? (named(held, depth - 1) ?? (isByName(held) ? stepsOf(Object.keys(held)[0]) : null))
        : null;
    if (found != null) return found;
  }
  const own = NAMES.map(name => stepsOf(answer[name])).find(steps => steps !== null);
  return own ?? (isByName(answer) ? stepsOf(Object.keys(answer)[0]) : null);
}

function inItem(item: unknown, depth: number): readonly string[] | null {
  if (!isObject(item)) return null;
  const source = item['source'];
  const pointed = isObject(source) ? stepsOf(source['pointer']) : null;
  return pointed ?? NAMES_IN_ITEMS.map(name => stepsOf(item[name])).find(steps => steps !== null) ?? named(item, depth);
}

/** `{ "name": ["is missing"] }`: members by name, with what is wrong with each. */
function isByName(answer: Readonly<Record<string, unknown>>): boolean {
  const values = Object.values(answer);
  const isSaid = (value: unknown) =>
    Array.isArray(value) && value.length > 0 && value.every(one => typeof one === 'string');
  return values.length > 0 && values.every(isSaid);
}

/** `/data/name`, `#/name`, `$.a[0].b`, `body.name` or `["body", "name"]` as steps, as far as no list is on the way. */
function stepsOf(written: unknown): readonly string[] | null {
  const text = Array.isArray(written) ? written.join('.') : written;
  if (typeof text !== 'string' || text.length > 80) return null;
  const all = text.replace(/^(#|\$)/, '').split(/[./[\]]+/);
  const [first, ...rest] = all.filter(step => step !== '');
  // What stands elsewhere than in the body is no member of it.
  if (first === undefined || /^(query|path|header|headers|cookie|params)$/i.test(first)) return null;
  const steps = /^(body|requestBody)$/i.test(first) && rest.length > 0 ? rest : [first, ...rest];
  const until = steps.findIndex(step => /^\d+$/.test(step));
  const kept = until === -1 ? steps : steps.slice(0, until);
  return kept.length > 0 && kept.every(step => /^[A-Za-z_$@][\w$@-]*$/.test(step)) ? kept : null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
