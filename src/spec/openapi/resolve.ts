import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { repositoryOf } from '../find.js';

export function isUrl(text: string): boolean {
  return /^https?:\/\//i.test(text);
}

/** The file or address a reference leads to, seen from the file or address it stands in. */
export function resolved(base: string, reference: string): string {
  if (isUrl(reference)) return new URL(reference).href;
  return isUrl(base) ? new URL(reference, base).href : join(dirname(base), reference);
}

/** How far up references from a document may lead. */
interface Bounds {
  readonly folder: string;
  readonly isRepository: boolean;
}

/** The repository a document in a file belongs to, else its folder. */
function boundsOf(document: string): Bounds {
  const own = resolve(dirname(document));
  const repository = repositoryOf(own);
  return { folder: repository ?? own, isRepository: repository !== null };
}

/**
 * Why a reference is not followed from a document, or `null` when it is: files of its repository (of its folder, where
 * there is none), addresses on its host.
 */
export function refusalOf(document: string, base: string, reference: string): string | null {
  if (isUrl(document)) {
    const target = new URL(resolved(base, reference));
    if (target.host === new URL(document).host) return null;
    return `"${reference}" lies on another host than ${basename(document)}, and is not read`;
  }
  if (/^[a-z][a-z0-9+.-]+:/i.test(reference)) return `"${reference}": only files beside the document are read`;
  const { folder, isRepository } = boundsOf(document);
  const inside = relative(folder, resolve(dirname(base), reference));
  const isOutside = isAbsolute(reference) || inside === '..' || /^\.\.[\\/]/.test(inside) || isAbsolute(inside);
  if (!isOutside) return null;
  const place = `lies outside the ${isRepository ? 'repository' : 'folder'} of ${basename(document)}`;
  return `"${reference}" ${place}, and is not read; put it there, or make one file of all: npx @redocly/cli bundle`;
}
