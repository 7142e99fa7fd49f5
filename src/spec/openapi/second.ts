import { merged } from '../compile/payloads.js';
import { isMembers, type Members } from '../data.js';
import { WRAPPERS } from './answers.js';
import type { ApiDocument } from './document.js';
import { isUsuallyUnique } from './marking.js';
import { isReadOnly, type Sampler } from './sample.js';
import { shapeOf, type Shape } from './shape.js';
import { variantsOf } from './variants.js';

/** A body, and what makes a different one of it. */
export interface Pair {
  readonly body: Members;
  readonly variant: Members;
}

/** What must hold of members that are changed beside each other. */
export interface Apart {
  /** Members that a read shows; `null` = not documented. */
  readonly shown: ReadonlySet<string> | null;
  /** Members that are left alone: unique ones, and the key. */
  readonly kept: ReadonlySet<string>;
  /** Whether what the schema adds goes into both bodies; else the body stays as it is, and the variant alone has more. */
  readonly inBoth: boolean;
  /** Whether a pair fits the schema. */
  readonly fits: (pair: Pair) => boolean;
}

/** Words of names whose value another member depends on, that lead somewhere else, or that decide what happens. */
const TIED = new Set(
  'id ids uuid type kind name reference ref status state phase version revision rev password secret token email phone url uri currency country locale balance total count min max minimum maximum from to start starts end ends begin until since dry test live sandbox force async confirm capture simulate validate'.split(
    ' ',
  ),
);
const WANTED = 2;

/**
 * A pair whose two bodies differ in two independent members, where the schema has them: first members the body has, then
 * optional ones of the schema. What cannot be widened comes back as it was; `null` where nothing differs.
 */
export function widened(
  document: ApiDocument,
  sampler: Sampler,
  shape: Shape,
  body: Members,
  variant: Members | null,
  apart: Apart,
): Pair | null {
  const wrapper = Object.entries(body).find(([name, value]) => WRAPPERS.has(name) && isMembers(value));
  if (wrapper !== undefined) {
    const [name, inner] = wrapper;
    const own = variant?.[name];
    const wrap = (pair: Pair): Pair => ({
      body: { ...body, [name]: pair.body },
      variant: { ...variant, [name]: pair.variant },
    });
    const innerShape = shapeOf(document, shape.properties.get(name) ?? null);
    const fits = (pair: Pair) => apart.fits(wrap(pair));
    const found = isMembers(inner)
      ? widened(document, sampler, innerShape, inner, isMembers(own) ? own : null, { ...apart, fits })
      : null;
    return found === null ? null : wrap(found);
  }
  let pair: Pair = { body, variant: variant ?? {} };
  for (const next of candidates(document, sampler, shape, body, apart)) {
    if (Object.keys(pair.variant).length >= WANTED) break;
    const [name = ''] = Object.keys(next.variant);
    if (Object.hasOwn(pair.variant, name)) continue;
    const wider = {
      body: { ...pair.body, ...(apart.inBoth ? next.body : {}) },
      variant: { ...pair.variant, ...next.variant },
    };
    if (apart.fits(wider)) pair = wider;
  }
  return Object.keys(pair.variant).length === 0 ? null : pair;
}

/** Members that may be changed beside others, one at a time: those the body has, then those it may have. */
function* candidates(
  document: ApiDocument,
  sampler: Sampler,
  shape: Shape,
  body: Members,
  { shown, kept }: Apart,
): Iterable<Pair> {
  const free = [...shape.properties].filter(
    ([name, node]) =>
      !isTied(name) &&
      !kept.has(name) &&
      !isUsuallyUnique(name) &&
      !isReadOnly(document, node) &&
      isScalar(document, node),
  );
  const seen = free.filter(([name]) => shown === null || shown.has(name));
  const own = seen.filter(([name]) => Object.hasOwn(body, name));
  const more = seen.filter(([name]) => !Object.hasOwn(body, name));
  for (const [name, node] of [...own, ...more]) {
    const one = { [name]: Object.hasOwn(body, name) ? body[name] : sampler.value(node) };
    const [variant] = variantsOf(document, shape, one);
    if (variant !== undefined) yield { body: one, variant };
  }
}

function isTied(name: string): boolean {
  const words = name
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z\d]+/);
  return words.some(word => TIED.has(word));
}

function isScalar(document: ApiDocument, node: Parameters<typeof shapeOf>[1]): boolean {
  return ['string', 'number', 'integer', 'boolean'].includes(shapeOf(document, node).type ?? '');
}

/** The different body of a pair. */
export function otherOf({ body, variant }: Pair): unknown {
  return merged(body, variant);
}
