import { normalize } from 'node:path';
import { SpecError, type Location } from '../../core/errors.js';
import { at, isMembers, member, textMember, type Members } from '../data.js';
import { readSource, type Path, type Source } from '../source.js';
import { isUrl, refusalOf, resolved } from './resolve.js';

/** Something in a document, and where it stands: references lead into other places and other files. */
export interface Node {
  readonly value: unknown;
  readonly source: Source;
  readonly path: Path;
}

/** An OpenAPI document of any version, with its references followed on demand. */
export interface ApiDocument {
  /** `2` is Swagger 2.0; all of 3.x is read alike. */
  readonly version: 2 | 3;
  readonly root: Node;
  /** The member of a node, its references followed; `null` when there is none. */
  readonly child: (node: Node | null, ...path: Path) => Node | null;
  /** The members of a node in the order written, their references followed. */
  readonly children: (node: Node | null) => readonly (readonly [name: string, child: Node])[];
  readonly items: (node: Node | null) => readonly Node[];
}

/** Whether a parsed text is an OpenAPI document, by its `openapi` or `swagger` member. An idem-check file has a `version`. */
export function isApiDocument(value: unknown): boolean {
  if (!isMembers(value) || Object.hasOwn(value, 'resources')) return false;
  return Object.hasOwn(value, 'swagger') || (Object.hasOwn(value, 'openapi') && member(value, 'version') === undefined);
}

/** Links a reference may go through before it counts as a circle. */
const MOST_HOPS = 20;

/**
 * Opens a document. Throws SpecError for a version that is not known, and while it is read for a reference that leads
 * nowhere, round in a circle, or out of the document's repository.
 */
export function openDocument(source: Source, read: (file: string) => string): ApiDocument {
  const sourceOf = createSources(source, read);
  const anchored = createAnchors();

  const follow = (node: Node): Node => {
    let current = node;
    for (let hops = 0; hops < MOST_HOPS; hops += 1) {
      const reference = textMember(current.value, '$ref');
      if (reference === null) return current;
      const [file = '', pointer = ''] = reference.split('#');
      const target = file === '' ? current.source : sourceOf(unescaped(file), current);
      const path = pointer === '' || pointer.startsWith('/') ? pathOf(pointer) : anchored(target, pointer);
      const value = path === undefined ? undefined : at(target.value, path);
      if (path === undefined || value === undefined)
        throw mistake(current, `the reference "${reference}" leads nowhere`);
      current = { value: besides(current.value, value), source: target, path };
    }
    throw mistake(node, 'the reference goes round in a circle');
  };

  const child = (node: Node | null, ...path: Path): Node | null =>
    path.reduce<Node | null>((held, step) => {
      if (held === null) return null;
      const value = at(held.value, [step]);
      return value === undefined ? null : follow({ value, source: held.source, path: [...held.path, step] });
    }, node);

  return {
    version: versionOf(source),
    root: { value: source.value, source, path: [] },
    child,
    children: node =>
      (isMembers(node?.value) ? Object.keys(node.value) : []).flatMap(name => {
        const one = child(node, name);
        return one === null ? [] : [[name, one] as const];
      }),
    items: node => (Array.isArray(node?.value) ? node.value.flatMap((_, index) => child(node, index) ?? []) : []),
  };
}

/** The document that a reference to a file leads to, each read once; every reference is asked whether it may be followed. */
function createSources(root: Source, read: (file: string) => string): (reference: string, from: Node) => Source {
  const own = isUrl(root.file) ? new URL(root.file).href : normalize(root.file);
  const sources = new Map<string, Source>([[own, root]]);
  const allowed = new Set<string>();
  return (reference, from) => {
    const place = `${from.source.file} ${reference}`;
    const file = resolved(from.source.file, reference);
    const known = allowed.has(place) ? sources.get(file) : undefined;
    if (known !== undefined) return known;
    const refusal = refusalOf(root.file, from.source.file, reference);
    if (refusal !== null) throw mistake(from, refusal);
    allowed.add(place);
    const again = sources.get(file);
    if (again !== undefined) return again;
    const opened = readSource(textOf(file, reference, from, read), file);
    sources.set(file, opened);
    return opened;
  };
}

/** The place in a document that carries a name; each document is searched once. */
function createAnchors(): (target: Source, name: string) => Path | undefined {
  const anchors = new Map<Source, ReadonlyMap<string, Path>>();
  return (target, name) => {
    const known = anchors.get(target) ?? anchorsIn(target.value);
    anchors.set(target, known);
    return known.get(name);
  };
}

/** Where a node is written. */
export function locationOf({ source, path }: Node, side: 'key' | 'value' = 'value'): Location {
  return source.locate(path, side);
}

function versionOf(source: Source): 2 | 3 {
  const name = isMembers(source.value) && Object.hasOwn(source.value, 'swagger') ? 'swagger' : 'openapi';
  const written = member(source.value, name);
  const text = typeof written === 'number' ? written.toFixed(1) : String(written);
  if (name === 'swagger' && text.startsWith('2.')) return 2;
  if (name === 'openapi' && /^3\.\d+/.test(text)) return 3;
  throw new SpecError([
    {
      location: source.locate([name]),
      path: name,
      text: `"${text}" is no version that is read here; known: Swagger 2.0 and OpenAPI 3.0, 3.1, 3.2`,
    },
  ]);
}

/** OpenAPI 3.1 lets words stand beside a reference; they win over those it leads to. */
function besides(reference: unknown, target: unknown): unknown {
  if (!isMembers(reference) || !isMembers(target)) return target;
  const own: Members = Object.fromEntries(Object.entries(reference).filter(([name]) => name !== '$ref'));
  return Object.keys(own).length === 0 ? target : { ...target, ...own };
}

function pathOf(pointer: string): Path {
  return pointer
    .split('/')
    .slice(1)
    .map(step => unescaped(step).replaceAll('~1', '/').replaceAll('~0', '~'));
}

function unescaped(step: string): string {
  try {
    return decodeURIComponent(step);
  } catch {
    return step;
  }
}

/** The text of another file; one that cannot be had is told at the reference to it. */
function textOf(file: string, reference: string, from: Node, read: (file: string) => string): string {
  try {
    return read(file);
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    throw mistake(from, `"${reference}": ${error.mistakes.map(({ text }) => text).join('; ')}`);
  }
}

/** Places that carry a name (`$anchor`, JSON Schema 2020-12 section 8.2.2), by that name. */
function anchorsIn(root: unknown): ReadonlyMap<string, Path> {
  const found = new Map<string, Path>();
  const visit = (value: unknown, path: Path): void => {
    if (Array.isArray(value)) value.forEach((item, index) => visit(item, [...path, index]));
    if (!isMembers(value)) return;
    const name = textMember(value, '$anchor');
    if (name !== null) found.set(name, path);
    for (const [step, item] of Object.entries(value)) visit(item, [...path, step]);
  };
  visit(root, []);
  return found;
}

function mistake(node: Node, text: string): SpecError {
  return new SpecError([{ location: locationOf(node), path: '', text }]);
}
