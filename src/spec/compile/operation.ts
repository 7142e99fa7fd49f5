import type { HeaderLine, Response } from '../../core/http.js';
import type { Operation, Role } from '../../core/operation.js';
import type { Scope, Value } from '../../core/scope.js';
import type { Headers } from '../../generated/spec.js';
import { mergeContract, type Layer } from '../contract.js';
import { at, isMembers } from '../data.js';
import type { Draft } from '../draft.js';
import type { Profile } from '../profiles/profile.js';
import { operationKey, requestLine } from '../request-line.js';
import type { Path } from '../source.js';
import { fillPath, fillText, namesIn, placesIn } from '../template.js';
import { payloadsOf } from './payloads.js';
import { captureOf } from './place.js';
import { longForm, requestText, type AnyOperation, type WrittenOperation } from './written.js';

/** What every operation of a spec is compiled with. */
export interface Context {
  readonly draft: Draft;
  readonly profile: Profile;
  /** The user named the profile. */
  readonly isChosen: boolean;
  /** Why a profile was guessed; `null` when it was not. */
  readonly profileReason: string | null;
}

/** What an operation is, beside what is written in it. */
export interface Setting {
  readonly role: Role;
  readonly resource: string;
  /** Where it stands in the file. */
  readonly path: Path;
  /** What file and resource promise. */
  readonly layers: readonly Layer[];
  /** The template of the id the client chooses, where it does. */
  readonly ownId?: string | null;
  /** Values taken from the answer beside what it captures itself. */
  readonly alsoCaptures?: (response: Response) => Readonly<Record<string, Value>>;
}

/** Compiles an operation. What it builds is the same for the same scope, to the byte. */
export function compileOperation(written: AnyOperation, setting: Setting, context: Context): Operation {
  const long: WrittenOperation = longForm(written);
  const line = requestLine(requestText(written));
  const note = context.draft.notes.get(operationKey(line.method, line.path)) ?? null;
  const isOwn = writesRequest(context.draft.source.value, setting.path);
  const name = note === null || isOwn ? `${line.method} ${line.path}` : note.name;
  const own: Layer = { contract: long.contract, key: long.key };
  const capture = captureOf(long.capture);
  const layers = [...(note === null ? [] : [note.layer]), ...shared(setting), own];
  const takesKey = acts(setting.role) && context.profile.key.methods.some(method => method === line.method);
  const contract = mergeContract({ ...context, takesKey }, layers);
  return {
    name,
    method: line.method,
    path: name.slice(name.indexOf(' ') + 1),
    role: setting.role,
    resource: setting.resource,
    contract,
    payloads: new Set(payloadsOf(long).keys()),
    unique: long.unique ?? null,
    marked: isMarked([line.target, long.body, long.text, long.form], line.target, setting.ownId ?? null),
    documented: note?.documented ?? null,
    tags: note?.tags ?? [],
    operationId: note?.operationId ?? null,
    location: note === null || isOwn ? context.draft.source.locate(setting.path, 'key') : note.location,
    build: builderOf(line, long, contract.key === null ? null : contract.firstSentHeader),
    capture: response => ({ ...setting.alsoCaptures?.(response), ...capture(response) }),
  };
}

function acts(role: Role): boolean {
  return role === 'create' || role.startsWith('action:');
}

/** A key promised for a file or a resource is one for what creates or acts; the rest takes one only by its own word. */
function shared({ layers, role }: Setting): readonly Layer[] {
  if (acts(role)) return layers;
  return layers.map(({ contract, key }): Layer => {
    const { key: inContract, ...rest } = contract ?? {};
    return { contract: rest, key: (key ?? inContract) === false ? false : undefined };
  });
}

/** Whether the user's own file says how this operation is called. */
function writesRequest(file: unknown, path: Path): boolean {
  const written = at(file, path);
  return typeof written === 'string' || (isMembers(written) && typeof written['request'] === 'string');
}

function isMarked(templates: readonly unknown[], target: string, ownId: string | null): boolean {
  const names = [...templates.flatMap(namesIn), ...placesIn(target)];
  return names.includes('marker') || (names.includes('id') && ownId !== null && namesIn(ownId).includes('marker'));
}

function builderOf(
  { method, target }: ReturnType<typeof requestLine>,
  written: WrittenOperation,
  firstSentHeader: string | null,
): Operation['build'] {
  const payloads = payloadsOf(written);
  const type = contentTypeOf(written);
  return (scope, payload = 'body') => {
    const make = payloads.get(payload);
    if (make === undefined) throw new RangeError(`there is no payload "${payload}"`);
    const body = make(scope);
    const own = headerLines(written.headers).map(([name, text]): HeaderLine => [name, fillText(text, scope)]);
    const headers = firstSentHeader === null ? own : withFirstSent(own, firstSentHeader, scope);
    const isTyped = headers.some(([name]) => name.toLowerCase() === 'content-type');
    return {
      method,
      path: fillPath(target, scope),
      headers: body === null || type === null || isTyped ? headers : [...headers, ['content-type', type]],
      body,
    };
  };
}

/** The time of the scope, which a request and its retries share, as an HTTP-date (RFC 9110 section 5.6.7). */
function withFirstSent(headers: readonly HeaderLine[], name: string, { now }: Scope): readonly HeaderLine[] {
  if (headers.some(([own]) => own.toLowerCase() === name.toLowerCase())) return headers;
  return [...headers, [name, new Date(now).toUTCString()]];
}

/** Headers as lines, in the order written. */
export function headerLines(headers: Headers | undefined): readonly HeaderLine[] {
  return Object.entries(headers ?? {}).map(([name, value]): HeaderLine => [name, String(value)]);
}

function contentTypeOf({ contentType, text, form, body }: WrittenOperation): string | null {
  if (contentType !== undefined) return contentType;
  if (text !== undefined) return 'text/plain';
  if (form !== undefined) return 'application/x-www-form-urlencoded';
  return body === undefined ? null : 'application/json';
}
