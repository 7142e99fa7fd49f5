import { isSuccess, type Exchange, type Request, type SentRequest } from '../../../core/http.js';
import type { Resource } from '../../../core/resource.js';
import { isAbsent } from '../http/state.js';
import { fieldsIn, isAlike, isExactly, leavesOf, type Leaf } from '../json/fields.js';
import { jsonOf } from '../json/json.js';

/**
 * What a state is made of, given simultaneous writes. `whole`: it can be that of the writes named, in every field that
 * tells them apart (`paths`). `mixed`: each such field is that of some write, but of no single one. `unsent`: a field
 * has a value that no write ever had, or the resource is not there. `unclear`: nothing can be said.
 */
export type Makeup =
  | { readonly kind: 'whole'; readonly of: readonly Exchange[]; readonly paths: readonly string[] }
  | { readonly kind: 'mixed'; readonly parts: readonly Leaf[] }
  | { readonly kind: 'unsent'; readonly path: string }
  | { readonly kind: 'unclear' };

/** What a state is compared with. */
export interface Writes {
  /** The simultaneous writes. */
  readonly race: readonly Exchange[];
  /** Writes before them: what they said is stale, not unsent. */
  readonly earlier: readonly Exchange[];
  /** The fields that a read shows as they were written. */
  readonly verbatim: ReadonlySet<string>;
}

/**
 * The fields that writes sent one after the other said and the read after each one showed; of texts either all words or
 * none, since a server that writes a text anew may put its parts in another order.
 */
export function verbatimPaths(
  controls: readonly (readonly [write: Exchange, read: Exchange | undefined])[],
): ReadonlySet<string> {
  const [first, ...others] = controls.map(([{ request }, read]) => {
    const shown = read === undefined ? [] : shownIn(read);
    const said = saidBy(request);
    const same = said.filter(leaf => valuesAt(shown, leaf.path).some(value => isAlike(value, leaf.value)));
    const isText = fieldsIn(request).length === 0;
    return isText && (same.length < said.length || shown.length !== said.length) ? [] : same;
  });
  const isCommon = (path: string) => others.every(leaves => leaves.some(leaf => leaf.path === path));
  return new Set((first ?? []).map(({ path }) => path).filter(isCommon));
}

/** What a state is made of; two reads of it must agree. */
export function makeupOf(
  resource: Pick<Resource, 'gone'>,
  reads: readonly [Exchange | undefined, Exchange | undefined],
  writes: Writes,
): Makeup {
  const [one, two] = reads.map(read => makeup(resource, read, writes));
  return one !== undefined && JSON.stringify(gist(one)) === JSON.stringify(two && gist(two)) ? one : UNCLEAR;
}

/** The fields in which requests differ. */
export function distinguishing(
  requests: readonly Pick<Request | SentRequest, 'headers' | 'body'>[],
): readonly string[] {
  const all = requests.map(saidBy);
  const paths = new Set(all.flat().map(({ path }) => path));
  return [...paths].filter(path => {
    const [first, ...others] = all.map(leaves => leaves.find(leaf => leaf.path === path)?.value);
    return others.some(value => !isAlike(value, first));
  });
}

const UNCLEAR: Makeup = { kind: 'unclear' };

function makeup(
  resource: Pick<Resource, 'gone'>,
  read: Exchange | undefined,
  { race, earlier, verbatim }: Writes,
): Makeup {
  if (isAbsent(resource, read)) return { kind: 'unsent', path: '$' };
  if (read === undefined || !isSuccess(read) || read.response.truncated) return UNCLEAR;
  const shown = shownIn(read);
  const paths = distinguishing(race.map(({ request }) => request)).filter(path => verbatim.has(path));
  const parts = paths.flatMap(path =>
    valuesAt(shown, path)
      .slice(0, 1)
      .map((value): Leaf => ({ path, value })),
  );
  if (parts.length === 0 || parts.length < paths.length) return UNCLEAR;
  const unsent = parts.find(part => !race.some(write => says(write, part)));
  if (unsent !== undefined) {
    return earlier.some(write => says(write, unsent)) ? UNCLEAR : { kind: 'unsent', path: unsent.path };
  }
  const of = race.filter(write => parts.every(part => says(write, part)));
  return of.length > 0 ? { kind: 'whole', of, paths } : { kind: 'mixed', parts };
}

/** What two reads of one state must have in common. */
function gist(made: Makeup): object {
  return made.kind === 'whole' ? { ...made, of: made.of.map(({ n }) => n) } : made;
}

function says({ request }: Exchange, part: Leaf): boolean {
  return saidBy(request).some(leaf => leaf.path === part.path && isAlike(leaf.value, part.value));
}

function shownIn(read: Exchange): readonly Leaf[] {
  if (!isSuccess(read)) return [];
  const { response } = read;
  const document = jsonOf(response);
  if (document !== undefined) return leavesOf(document);
  return response.bodyEncoding === 'utf8' ? wordsOf(response.body) : [];
}

/** What a write says: its fields, or the words of a body that has none. */
function saidBy(request: Pick<Request | SentRequest, 'headers' | 'body'>): readonly Leaf[] {
  const fields = fieldsIn(request);
  return fields.length === 0 && request.body !== null ? wordsOf(request.body) : fields;
}

function wordsOf(text: string): readonly Leaf[] {
  return text
    .split(/\s+/)
    .filter(word => word !== '')
    .map((value, at): Leaf => ({ path: `word ${at + 1}`, value }));
}

function valuesAt(shown: readonly Leaf[], path: string): readonly unknown[] {
  return shown.filter(leaf => isExactly(path, leaf.path)).map(({ value }) => value);
}
