import { isMembers, itemsOf, member, textMember } from '../data.js';
import type { ApiDocument, Node } from './document.js';
import { shapeOf } from './shape.js';

/**
 * A value as XML by the `xml` words of its schema (name, attribute, wrapped, namespace, prefix). The root is called as
 * the schema says, else as it is called in the document.
 */
export function xmlText(document: ApiDocument, schema: Node | null, value: unknown): string {
  const named = schema?.path.findLast((step, at, path) => at === path.length - 1 && typeof step === 'string');
  const name = named === undefined || named === 'schema' ? 'root' : String(named);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element(document, name, schema, value)}`;
}

function element(document: ApiDocument, name: string, schema: Node | null, value: unknown): string {
  const { properties, items, words } = shapeOf(document, schema);
  const own = words['xml'];
  const tag = tagOf(own, name);
  const space = spaceOf(own);
  if (Array.isArray(value)) {
    const inner = itemsOf(value)
      .map(one => element(document, textMember(own, 'name') ?? name, items, one))
      .join('');
    return member(own, 'wrapped') === true ? `<${tag}${space}>${inner}</${tag}>` : inner;
  }
  if (!isMembers(value)) return `<${tag}${space}>${escaped(value)}</${tag}>`;
  // Elements may have to stand in the order of their schema.
  const order = [...properties.keys()];
  const fields = Object.entries(value)
    .map(([field, item]) => ({ field, item, node: properties.get(field) ?? null }))
    .toSorted((a, b) => order.indexOf(a.field) - order.indexOf(b.field));
  const isAttribute = ({ node }: (typeof fields)[number]) =>
    member(shapeOf(document, node).words['xml'], 'attribute') === true;
  const attributes = fields
    .filter(isAttribute)
    .map(({ field, item, node }) => ` ${tagOf(shapeOf(document, node).words['xml'], field)}="${escaped(item)}"`);
  const inner = fields
    .filter(one => !isAttribute(one))
    .map(({ field, item, node }) => element(document, field, node, item));
  return `<${tag}${space}${attributes.join('')}>${inner.join('')}</${tag}>`;
}

function tagOf(words: unknown, name: string): string {
  const prefix = textMember(words, 'prefix');
  return `${prefix === null ? '' : `${prefix}:`}${textMember(words, 'name') ?? name}`;
}

function spaceOf(words: unknown): string {
  const [uri, prefix] = [textMember(words, 'namespace'), textMember(words, 'prefix')];
  return uri === null ? '' : ` xmlns${prefix === null ? '' : `:${prefix}`}="${escaped(uri)}"`;
}

function escaped(value: unknown): string {
  return String(value)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
