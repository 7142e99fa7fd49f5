import { Document, isMap, isScalar, type Pair } from 'yaml';
import type { Gap, Guess } from '../../core/inference.js';
import type { Operation, Resource } from '../../generated/spec.js';
import { longForm } from '../compile/written.js';
import { isMembers } from '../data.js';
import { operationKey, readRequestLine } from '../request-line.js';
import type { Inferred } from './infer.js';

const ROLES = ['create', 'list', 'read', 'replace', 'update', 'delete'] as const;

/**
 * What was inferred from a document as an idem-check file that points to it, each guess with its reason beside it. The
 * requests stay in the document: what is not written here is inferred from it again.
 */
export function writtenFile(inferred: Inferred, openapi: string): string {
  const { file, inference } = inferred;
  const resources = Object.entries(file.resources ?? {}).map(
    ([name, one]) => [name, resourceIn(one, inferred)] as const,
  );
  const value = {
    version: 1,
    openapi,
    ...(file.target === undefined ? {} : { target: file.target }),
    resources: Object.fromEntries(resources.filter(([, one]) => Object.keys(one).length > 0)),
  };
  const isEmpty = Object.keys(value.resources).length === 0;
  const { resources: _, ...bare } = value;
  const document = new Document(escaped(isEmpty ? bare : value), { aliasDuplicateObjects: false });
  document.commentBefore = HEAD;
  annotate(
    document,
    ['openapi'],
    'what follows overrides and completes what is inferred from it; remove what you do not want to change',
  );
  annotateUrl(document, inference);
  for (const [name, one] of Object.entries(file.resources ?? {})) {
    annotateResource(document, name, one, inferred);
  }
  return document.toString({ lineWidth: 0 });
}

const HEAD = [
  ' yaml-language-server: $schema=https://unpkg.com/idem-check/schema/idem-check.schema.json',
  ' Written by idem-check init. Each guess has its reason beside it; "idem-check plan" shows what would run.',
].join('\n');

/** Everything of a resource but its requests, which the document has. */
function resourceIn(resource: Resource, { notes }: Inferred): object {
  const { parent, id, version, volatile } = resource;
  const roles = ROLES.flatMap(role => {
    const operation = resource[role];
    const inner = operation === undefined ? {} : operationIn(operation, notes, role === 'create');
    return Object.keys(inner).length === 0 ? [] : [[role, inner] as const];
  });
  const actions = Object.entries(resource.actions ?? {}).flatMap(([name, one]) => {
    const inner = operationIn(one, notes, true);
    return Object.keys(inner).length === 0 ? [] : [[name, inner] as const];
  });
  return {
    ...(parent === undefined ? {} : { parent }),
    ...(id === undefined ? {} : { id }),
    ...Object.fromEntries(roles),
    ...(actions.length === 0 ? {} : { actions: Object.fromEntries(actions) }),
    ...(version === undefined ? {} : { version }),
    ...(volatile === undefined ? {} : { volatile }),
  };
}

function operationIn(operation: Operation, notes: Inferred['notes'], takesKey: boolean): object {
  const { request, ...rest } = longForm<Exclude<Operation, string>>(operation);
  const line = readRequestLine(request ?? '');
  const note = typeof line === 'string' ? undefined : notes.get(operationKey(line.method, line.path));
  const { key, contract = {} } = note?.layer ?? {};
  return {
    ...rest,
    ...(takesKey && key !== undefined ? { key } : {}),
    ...(takesKey && Object.keys(contract).length > 0 ? { contract } : {}),
  };
}

/** `${` of an example is no variable of the environment. */
function escaped(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('${', () => '$${');
  if (Array.isArray(value)) return value.map(escaped);
  if (!isMembers(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, escaped(item)]));
}

function annotateUrl(document: Document, { guesses, gaps }: Inferred['inference']): void {
  const guess = guesses.find(({ about }) => about === 'url');
  if (guess !== undefined) annotate(document, ['target', 'url'], described(guess));
  const gap = gaps.find(({ resource }) => resource === null);
  if (gap !== undefined) annotate(document, ['openapi'], asComment(gap));
}

function annotateResource(document: Document, name: string, one: Resource, { inference, notes }: Inferred): void {
  const path = ['resources', name];
  const own = inference.guesses.filter(({ resource }) => resource === name);
  const gaps = inference.gaps.filter(({ resource }) => resource === name);
  const at = (about: Guess['about'], operation?: string) =>
    own.filter(guess => guess.about === about && (operation === undefined || guess.operation === operation));
  annotate(document, path, [rolesOf(one), ...gaps.map(asComment)].join('\n'));
  for (const about of ['id', 'parent', 'version', 'volatile'] as const) {
    const reasons = at(about).map(described);
    if (reasons.length > 0) annotate(document, [...path, about], reasons.join('; '));
  }
  const places = [
    ...ROLES.map(role => ({ place: [...path, role], operation: one[role] })),
    ...Object.entries(one.actions ?? {}).map(([action, operation]) => ({
      place: [...path, 'actions', action],
      operation,
    })),
  ];
  for (const { place, operation } of places) {
    if (operation === undefined) continue;
    const { request = '' } = longForm<Exclude<Operation, string>>(operation);
    const line = readRequestLine(request);
    const note = typeof line === 'string' ? undefined : notes.get(operationKey(line.method, line.path));
    const name_ = note?.name ?? request;
    annotate(document, place, `request: ${request}${note === undefined ? '' : ` (line ${note.location.line})`}`);
    const beside: readonly (readonly [string, readonly Guess[]])[] = [
      ['body', [...at('body', name_), ...at('marker', name_)]],
      ['form', [...at('body', name_), ...at('marker', name_)]],
      ['text', at('body', name_)],
      ['variant', at('variant', name_)],
      ['faults', at('invalid', name_)],
      ['unique', at('unique', name_)],
      ['omit', at('omit', name_)],
      ['items', at('list', name_)],
      ['paging', at('paging', name_)],
      ['key', at('key', name_)],
      ['contract', [...at('ttl', name_), ...at('statuses', name_)]],
      ['effect', at('effect', name_)],
    ];
    for (const [member, guesses] of beside) {
      if (guesses.length > 0) annotate(document, [...place, member], guesses.map(described).join('; '));
    }
  }
}

function rolesOf(one: Resource): string {
  const all = [
    ...ROLES.flatMap(role => (one[role] === undefined ? [] : [one[role]])),
    ...Object.values(one.actions ?? {}),
  ];
  return all.map(operation => longForm<Exclude<Operation, string>>(operation).request ?? '').join(' · ');
}

function described({ about, value, reason, location }: Guess): string {
  const what = about === 'marker' || about === 'list' || about === 'paging' || about === 'statuses' ? `${value}: ` : '';
  return `${what}${reason} (line ${location.line})`.replaceAll(/\s+/g, ' ');
}

function asComment({ operation, text, yaml }: Gap): string {
  const inner = yaml.split('\n').at(-1)?.trim() ?? '';
  return `${operation === null ? '' : `${operation}: `}${text} Such as: ${inner}`;
}

/** Puts a comment beside a text, above anything else. */
function annotate(document: Document, path: readonly string[], text: string): void {
  if (text === '') return;
  const holder = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  if (!isMap(holder)) return;
  const pair = holder.items.find((item: Pair) => isScalar(item.key) && item.key.value === path.at(-1));
  if (pair === undefined || !isScalar(pair.key)) return;
  if (isScalar(pair.value) && !text.includes('\n') && String(pair.value.value).length + text.length < 100) {
    pair.value.comment = ` ${text}`;
    return;
  }
  const lines = text.split('\n').map(line => ` ${line}`);
  pair.key.commentBefore = [...(pair.key.commentBefore == null ? [] : [pair.key.commentBefore]), ...lines].join('\n');
}
