import type { Place } from '../../generated/spec.js';
import { longForm, type AnyOperation, type WrittenOperation } from '../compile/written.js';
import { isMembers } from '../data.js';
import { readRequestLine } from '../request-line.js';
import type { Path } from '../source.js';
import { BUILT_IN } from '../template.js';
import { checkContract, checkKey } from './check-contract.js';
import { checkPathTemplate, checkTemplate } from './check-template.js';
import type { Names } from './names.js';
import { checkHeaderName, checkHeaders, checkPath, checkPaths, checkPattern, type Rules } from './rule-book.js';

/** Everything the schema cannot say about an operation. */
export function checkOperation(written: AnyOperation, path: Path, names: Names, rules: Rules): void {
  const long: WrittenOperation = longForm(written);
  checkRequest(long.request, path, names, rules);
  if (typeof rules.written(path) === 'string') return;
  checkHeaders(long.headers, [...path, 'headers'], rules);
  if (long.contentType !== undefined && !/^[^\s/;]+\/[^\s/;]+(\s*;.*)?$/.test(long.contentType)) {
    const place = [...path, 'contentType'];
    rules.add(place, `${rules.quoted(place)} is no media type; write it as in application/json`);
  }
  for (const part of ['headers', 'body', 'text', 'form', 'variant', 'faults'] as const) {
    checkTemplate(long[part], [...path, part], names, rules);
  }
  checkBodies(long, path, rules);
  checkPaths(long.unique, [...path, 'unique'], rules);
  checkPaths(long.omit, [...path, 'omit'], rules);
  checkKey(long.key, [...path, 'key'], rules);
  checkContract(long.contract, [...path, 'contract'], rules);
  checkCapture(long.capture, [...path, 'capture'], rules);
  if ('items' in long && typeof long.items === 'string') checkPath(long.items, [...path, 'items'], rules);
  const next = 'paging' in long && isMembers(long.paging) ? long.paging['next'] : undefined;
  if (typeof next === 'string') checkPath(next, [...path, 'paging', 'next'], rules);
}

/** A request line must be one, and say how its places are filled; what a document says of it holds up by itself. */
function checkRequest(text: string | undefined, owner: Path, names: Names, rules: Rules): void {
  if (text === undefined) {
    if (rules.written([...owner, 'request']) === undefined)
      rules.add(owner, 'needs a "request", such as "GET /orders/{id}"', 'key');
    return;
  }
  const path = typeof rules.written(owner) === 'string' ? owner : [...owner, 'request'];
  if (rules.written(path) === undefined) return;
  const line = readRequestLine(text);
  if (typeof line === 'string') rules.add(path, line);
  else checkPathTemplate(line.target, path, names, rules);
}

function checkBodies({ body, text, form, variant, omit, faults }: WrittenOperation, path: Path, { add }: Rules): void {
  const given = Object.entries({ body, text, form }).filter(([, value]) => value !== undefined);
  const names = given.map(([name]) => `"${name}"`);
  const [, second] = given;
  if (second !== undefined)
    add([...path, second[0]], `a request has one body; keep one of ${names.join(' and ')}`, 'key');
  for (const [name, value] of Object.entries({ variant, ...faults })) {
    if (value === undefined || (name === 'variant' && value === false && given.length > 0)) continue;
    const place = [...path, ...(name === 'variant' ? [] : ['faults']), name];
    if (given.length === 0) add(place, 'needs a body beside it that it differs from', 'key');
    else if (text !== undefined && typeof value !== 'string') add(place, 'must be text, as the body is');
    else if (form !== undefined && !isMembers(value)) add(place, 'must be an object of fields, as the form is');
  }
  if (omit !== undefined && body === undefined && form === undefined) {
    add([...path, 'omit'], 'needs a body or a form to leave the fields out of', 'key');
  }
}

function checkCapture(capture: Readonly<Record<string, Place>> | undefined, path: Path, rules: Rules): void {
  for (const [name, place] of Object.entries(capture ?? {})) {
    const here = [...path, name];
    if (BUILT_IN.some(own => own === name))
      rules.add(here, `"${name}" has a meaning of its own; take another name`, 'key');
    else if (!/^[A-Za-z_][\w-]*$/.test(name)) {
      rules.add(here, `"${name}" cannot be a name; take letters, digits, "_" and "-"`, 'key');
    }
    checkPlace(place, here, rules);
  }
}

/** A place of a response: a JSONPath, or a header with a pattern. */
export function checkPlace(place: Place, path: Path, rules: Rules): void {
  if (typeof place === 'string') {
    checkPath(place, path, rules);
    return;
  }
  checkHeaderName(place.header, [...path, 'header'], rules);
  if (place.pattern !== undefined) checkPattern(place.pattern, [...path, 'pattern'], rules);
}
