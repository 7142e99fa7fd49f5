import { isMembers, itemsOf, textMember } from '../data.js';
import type { ApiDocument } from './document.js';
import type { Content } from './operations.js';
import { shapeOf, type Shape } from './shape.js';

/** Stands in no body that is made here; templates of a body cannot end in it either. */
const BOUNDARY = 'idem-check-boundary';

/** The Content-Type of what `multipartText` makes. */
export const MULTIPART_TYPE = `multipart/form-data; boundary=${BOUNDARY}`;

const FILE_TEXT = 'idem-check\n';

/** What a small text may be sent as. */
const TEXTUAL = /^(text\/|application\/octet-stream\b|\*\/\*)/i;

/**
 * Fields as multipart/form-data (RFC 7578): a part for each, one for each item of a list, a small text for a file, JSON
 * for an object. `trouble` names a file that a text cannot stand in for.
 */
export function multipartText(
  document: ApiDocument,
  { node, schema }: Content,
  value: unknown,
): { readonly text: string; readonly trouble: string | null } {
  const { properties } = shapeOf(document, schema);
  const fields = isMembers(value) ? Object.entries(value) : [];
  let trouble: string | null = null;
  const parts = fields.flatMap(([name, item]) => {
    const shape = shapeOf(document, properties.get(name) ?? null);
    const type = textMember(document.child(node, 'encoding', name)?.value, 'contentType');
    return (Array.isArray(item) ? itemsOf(item) : [item]).map(one => {
      const isFile = holdsFile(Array.isArray(item) ? shapeOf(document, shape.items) : shape);
      if (isFile) {
        const wanted = (type ?? String(shape.words['contentMediaType'] ?? '*/*')).split(',').map(text => text.trim());
        const sent = wanted.find(text => TEXTUAL.test(text));
        if (sent === undefined) trouble ??= `a file of type ${wanted.join(', ')} ("${name}") is not made up`;
        const fileType = sent === undefined || /\*/.test(sent) ? 'text/plain' : sent;
        return part(`${name}"; filename="idem-check.txt`, fileType, FILE_TEXT);
      }
      const isText = !isMembers(one);
      return part(name, isText ? type : (type ?? 'application/json'), isText ? String(one) : JSON.stringify(one));
    });
  });
  return { text: `${parts.join('')}--${BOUNDARY}--\r\n`, trouble };
}

function part(name: string, type: string | null, text: string): string {
  const line = type === null ? '' : `Content-Type: ${type}\r\n`;
  return `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"\r\n${line}\r\n${text}\r\n`;
}

function holdsFile({ type, words }: Shape): boolean {
  if (type !== 'string' && type !== null && type !== 'file') return false;
  return words['format'] === 'binary' || type === 'file' || words['contentMediaType'] !== undefined;
}
