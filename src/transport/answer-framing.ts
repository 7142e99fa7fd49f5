import { quoted, type Head } from './answer-head.js';
import { notHttp } from './lost.js';

/** How the body of an answer ends. */
export type Framing =
  | { readonly kind: 'none' }
  | { readonly kind: 'length'; readonly bytes: number }
  | { readonly kind: 'chunked' }
  | { readonly kind: 'until-close' }
  /** The head is all of it (HEAD); what comes behind should not be there. */
  | { readonly kind: 'head-only' };

/** How the body ends that follows this head (RFC 9112 section 6.3). Throws a `Lost` where the head contradicts itself. */
export function framingOf(head: Head, isHead: boolean): Framing {
  const codings = valuesOf(head, 'transfer-encoding');
  const lengths = valuesOf(head, 'content-length');
  if (codings.length > 0 && lengths.length > 0) throw notHttp('Content-Length beside Transfer-Encoding');
  if (new Set(lengths).size > 1) throw notHttp('two different Content-Lengths');
  const [length] = lengths;
  if (length !== undefined && !/^\d{1,15}$/.test(length)) throw notHttp(`Content-Length ${quoted(length)}`);
  if (isHead) return { kind: 'head-only' };
  if (head.status === 204 || head.status === 304) return { kind: 'none' };
  if (codings.length > 0)
    return { kind: codings.at(-1) === 'chunked' && head.minor === '1' ? 'chunked' : 'until-close' };
  return length === undefined ? { kind: 'until-close' } : { kind: 'length', bytes: Number(length) };
}

/** Whether the server means to keep the connection open behind the answer (RFC 9112 section 9.3). */
export function isKept(head: Head, framing: Framing): boolean {
  if (framing.kind === 'until-close') return false;
  const options = valuesOf(head, 'connection');
  return head.minor === '1' ? !options.includes('close') : options.includes('keep-alive');
}

/** The members of a list header, over all its lines, in lower case. */
function valuesOf({ lines }: Head, wanted: string): readonly string[] {
  return lines.flatMap(([name, value]) =>
    name.toLowerCase() === wanted ? value.split(',').map(one => one.trim().toLowerCase()) : [],
  );
}
