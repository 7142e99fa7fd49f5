import { isMembers, itemsOf, member, textMember } from '../data.js';
import type { ApiDocument, Node } from './document.js';

/** A schema with its `allOf` parts folded in and, of alternatives, the first. */
export interface Shape {
  /** `null` when the schema does not say. */
  readonly type: string | null;
  readonly properties: ReadonlyMap<string, Node>;
  readonly required: ReadonlySet<string>;
  readonly items: Node | null;
  /** Everything else that was said, the most specific last. */
  readonly words: Readonly<Record<string, unknown>>;
}

/** Parts of a schema that are folded in before it counts as going round in a circle. */
const MOST_PARTS = 100;

/** What a schema amounts to. A missing one is a shape that says nothing. */
export function shapeOf(document: ApiDocument, schema: Node | null): Shape {
  const parts = partsOf(document, schema);
  const properties = new Map<string, Node>();
  const required = new Set<string>();
  let items: Node | null = null;
  let words: Readonly<Record<string, unknown>> = {};
  for (const part of parts) {
    for (const [name, node] of document.children(document.child(part, 'properties'))) properties.set(name, node);
    for (const name of itemsOf(member(part.value, 'required'))) if (typeof name === 'string') required.add(name);
    items = document.child(part, 'items') ?? items;
    if (isMembers(part.value)) words = { ...words, ...part.value };
  }
  return {
    type: typeOf(words) ?? (properties.size > 0 ? 'object' : items === null ? null : 'array'),
    properties,
    required,
    items,
    words,
  };
}

function partsOf(document: ApiDocument, schema: Node | null): readonly Node[] {
  const parts: Node[] = [];
  const visit = (node: Node): void => {
    if (parts.length >= MOST_PARTS || parts.some(part => part.value === node.value)) return;
    parts.push(node);
    document.items(document.child(node, 'allOf')).forEach(visit);
    for (const choice of ['oneOf', 'anyOf']) {
      const alternatives = document.items(document.child(node, choice));
      const first = alternatives.find(one => typeOf(one.value) !== 'null');
      if (first !== undefined) visit(first);
    }
  };
  if (schema !== null) visit(schema);
  return parts;
}

/** The type of a schema; of several the first that is not `null`. */
function typeOf(schema: unknown): string | null {
  const type = member(schema, 'type');
  if (Array.isArray(type)) return type.map(String).find(one => one !== 'null') ?? null;
  return textMember(schema, 'type');
}
