import type { HeaderLine } from '../../core/http.js';
import type { Said } from './said.js';

interface Link {
  readonly target: string;
  readonly relations: readonly string[];
}

/** The links of an answer's `Link` lines (RFC 8288): targets may hold commas, relations several names. */
function linksIn(headers: readonly HeaderLine[]): readonly Link[] {
  return headers
    .filter(([name]) => name.toLowerCase() === 'link')
    .flatMap(([, value]) => [...value.matchAll(/<([^>]*)>((?:\s*;\s*[^\s=;,]+(?:\s*=\s*(?:"[^"]*"|[^\s;,"]*))?)*)/g)])
    .map(([, target = '', parameters = '']) => {
      const relation = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,]*))/i.exec(parameters);
      return { target, relations: (relation?.[1] ?? relation?.[2] ?? '').toLowerCase().split(/\s+/) };
    });
}

/** What the `Link` lines say of the page after: the target of `rel=next`; that there is none, where others are linked. */
export function linkedNext(headers: readonly HeaderLine[]): Said | null {
  const links = linksIn(headers);
  const next = links.find(({ relations }) => relations.includes('next'));
  if (next !== undefined) return { kind: 'link', text: next.target };
  const pages = ['prev', 'previous', 'first', 'last'];
  const isPaged = links.some(({ relations }) => relations.some(one => pages.includes(one)));
  return isPaged ? { kind: 'end' } : null;
}
