import { isUrl, refusalOf, resolved } from './resolve.js';

/** Documents a description may be spread over. */
const MOST_DOCUMENTS = 200;

/** The text at an address. Rejects with an error whose message says what is wrong. */
export type FetchText = (url: string) => Promise<string>;

/** A text, or why there is none. */
export type Fetched = { readonly text: string } | { readonly trouble: string };

/**
 * A document at an address with every document on the same host it refers to, by address. What cannot be had is told
 * where it is referred to, once that is read.
 */
export async function fetchReferences(url: string, fetchText: FetchText): Promise<ReadonlyMap<string, Fetched>> {
  const found = new Map<string, Fetched>();
  let wanted: readonly string[] = [new URL(url).href];
  while (wanted.length > 0) {
    const fresh = wanted.slice(0, Math.max(0, MOST_DOCUMENTS - found.size));
    const texts = await Promise.all(fresh.map(one => fetched(one, fetchText)));
    fresh.forEach((one, index) => found.set(one, texts[index] ?? { trouble: 'could not be fetched' }));
    if (fresh.length < wanted.length) break;
    const next = fresh.flatMap((one, index) => referencesIn(url, one, texts[index]));
    wanted = [...new Set(next)].filter(one => !found.has(one));
  }
  return found;
}

async function fetched(url: string, fetchText: FetchText): Promise<Fetched> {
  try {
    return { text: await fetchText(url) };
  } catch (error) {
    return { trouble: error instanceof Error ? error.message : String(error) };
  }
}

/** Addresses of other documents on the same host; whether each is a reference indeed shows when it is followed. */
function referencesIn(document: string, base: string, found: Fetched | undefined): readonly string[] {
  if (found === undefined || 'trouble' in found) return [];
  return [...found.text.matchAll(/\$ref["']?\s*:\s*["']?([^"'\s#,}]+)/g)].flatMap(([, reference = '']) => {
    const isFollowed = (isUrl(reference) || !/^[a-z][a-z0-9+.-]+:/i.test(reference)) && isFetchable(base, reference);
    return isFollowed && refusalOf(document, base, reference) === null ? [resolved(base, reference)] : [];
  });
}

function isFetchable(base: string, reference: string): boolean {
  return URL.canParse(reference, base);
}
