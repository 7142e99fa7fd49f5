import { basename, dirname, isAbsolute, join, relative } from 'node:path';

export function isUrl(text: string): boolean {
  return /^https?:\/\//i.test(text);
}

/** The file or address a reference leads to, seen from the file or address it stands in. */
export function resolved(base: string, reference: string): string {
  if (isUrl(reference)) return new URL(reference).href;
  return isUrl(base) ? new URL(reference, base).href : join(dirname(base), reference);
}

/** Why a reference is not followed from a document, or `null` when it is: files below its folder, addresses on its host. */
export function refusalOf(document: string, base: string, reference: string): string | null {
  if (isUrl(document)) {
    const target = new URL(resolved(base, reference));
    if (target.host === new URL(document).host) return null;
    return `"${reference}" lies on another host than ${basename(document)}, and is not read`;
  }
  if (/^[a-z][a-z0-9+.-]+:/i.test(reference)) return `"${reference}": only files beside the document are read`;
  const inside = relative(dirname(document), join(dirname(base), reference));
  const isOutside = isAbsolute(reference) || inside.startsWith('..') || isAbsolute(inside);
  return isOutside ? `"${reference}" lies outside the folder of ${basename(document)}, and is not read` : null;
}
