import { isMembers, type Members } from '../data.js';
import { recordIn, WRAPPERS } from './answers.js';
import type { ApiDocument, Node } from './document.js';
import type { Family } from './group.js';
import type { ApiOperation } from './operations.js';
import type { Workshop } from './bodies.js';
import { callOf, parentsOf } from './requests.js';
import { exampleOf, isReadOnly } from './sample.js';
import { shapeOf } from './shape.js';

/** A member of a body that names a record of another resource. */
export interface Reference {
  readonly name: string;
  /** The member holds an object, whose `id` it is. */
  readonly isInside: boolean;
  readonly target: Family;
  readonly node: Node;
}

/** Members of a create's body that name a record of another resource, and are sent; none that would go round in a circle. */
export function referencesOf(workshop: Workshop, family: Family, families: readonly Family[]): readonly Reference[] {
  const { document } = workshop;
  return found(document, family, families).filter(
    ({ target }) =>
      isMade(workshop, target, families) && !reached(document, target, families, new Set()).has(family.name),
  );
}

/** Whether something creates, or gives, all that the address of a create goes through. */
function isMade({ document, sampler }: Workshop, family: Family, families: readonly Family[]): boolean {
  const parents = parentsOf(family, families);
  return [...parents, family].every(one => {
    const around = { own: one, parents: parentsOf(one, families) };
    return one.create !== null && callOf(document, one.create, around, sampler).open.length === 0;
  });
}

/** The names of a family and of all that must be there before it. */
function reached(
  document: ApiDocument,
  family: Family,
  families: readonly Family[],
  seen: Set<string>,
): ReadonlySet<string> {
  if (seen.has(family.name)) return seen;
  seen.add(family.name);
  const before = [...parentsOf(family, families), ...found(document, family, families).map(({ target }) => target)];
  for (const other of before) reached(document, other, families, seen);
  return seen;
}

function found(document: ApiDocument, family: Family, families: readonly Family[]): readonly Reference[] {
  const { create } = family;
  if (create === null) return [];
  const schema = create.body?.schema ?? null;
  const { properties } = recordIn(document, schema);
  const sent = sentBy(document, create);
  return [...properties].flatMap(([name, node]) => {
    if (!sent.has(name) || isReadOnly(document, node)) return [];
    const shape = shapeOf(document, node);
    const isInside = shape.type === 'object' && shape.properties.has('id');
    const isScalar = ['string', 'integer'].includes(shape.type ?? '') && shape.words['enum'] === undefined;
    const word = isInside
      ? name
      : isScalar
        ? referred(name, shape.type === 'integer' || shape.words['format'] === 'uuid')
        : null;
    const target = word === null ? null : named(word, family, families);
    return target === null ? [] : [{ name, isInside, target, node }];
  });
}

/** Members of a record that a body has, because they are required or in its example. */
function sentBy(document: ApiDocument, { body }: ApiOperation): ReadonlySet<string> {
  const schema = body?.schema ?? null;
  const example =
    body === null ? undefined : (exampleOf(document, body.node) ?? shapeOf(document, schema).words['example']);
  const inside = (node: Node | null, value: unknown): readonly string[] => {
    const { properties, required } = shapeOf(document, node);
    const wrapper = [...properties].find(([name]) => WRAPPERS.has(name));
    const own = isMembers(value) ? value : {};
    if (wrapper !== undefined) return inside(wrapper[1], own[wrapper[0]]);
    return [...required, ...Object.keys(own)];
  };
  return new Set(inside(schema, example));
}

/** `customer` of `customer_id` and `customerId`; of a plain `customer` where its type is one of ids. */
function referred(name: string, isId: boolean): string | null {
  const word = /^(.+?)(?:_id|-id|Id|ID|_uuid|Uuid)$/.exec(name)?.[1];
  return word ?? (isId ? name : null);
}

/** The resource a word names: by its whole, else by the end of it (`billing_customer`). */
function named(word: string, family: Family, families: readonly Family[]): Family | null {
  const words = (text: string) =>
    text
      .replaceAll(/([a-z\d])([A-Z])/g, '$1-$2')
      .toLowerCase()
      .split(/[_-]+/);
  const own = words(word).join('-');
  const fits = families.filter(
    ({ create, name }) => create !== null && name !== family.name && `-${own}`.endsWith(`-${words(name).join('-')}`),
  );
  return fits.toSorted((a, b) => b.name.length - a.name.length)[0] ?? null;
}

/** A body whose references name records that are made for it. */
export function withReferences(body: Members, references: readonly Reference[]): Members {
  const wrapper = Object.entries(body).find(([name, value]) => WRAPPERS.has(name) && isMembers(value));
  if (wrapper !== undefined && isMembers(wrapper[1])) {
    return { ...body, [wrapper[0]]: withReferences(wrapper[1], references) };
  }
  const filled = references.flatMap(({ name, isInside, target }) => {
    const held = body[name];
    if (held === undefined || (isInside && !isMembers(held))) return [];
    const id = `{{${target.name}.id}}`;
    return [[name, isInside && isMembers(held) ? { ...held, id } : id] as const];
  });
  return { ...body, ...Object.fromEntries(filled) };
}
