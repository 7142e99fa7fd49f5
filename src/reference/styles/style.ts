import type { ResourceKind } from '../flaw.js';
import type { Part } from '../openapi-parts.js';
import type { ReferenceClock } from '../reference-clock.js';
import type { Reply } from '../reply.js';
import type { Choices } from '../choices.js';

/** Choices of lists for a style that has a way of its own to write them. */
export const OWN_LISTS = { nextBy: 'link-and-after', listFilter: 'honoured', listShows: 'all' } as const;

/** A request as its client wrote it, or as the plain API reads it. */
export interface Asked {
  readonly method: string;
  /** Below the place where the API is mounted. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Headers;
  /** `null` = no content at all. */
  readonly body: string | null;
}

/** Between the wire and the plain API, in one instance of it. */
export interface Translation {
  /** What the plain API is to do; a reply where the style answers by itself. */
  readonly toPlain: (asked: Asked) => Asked | Reply;
  /** The plain API's reply as its client is to see it; `asked` is what the client wrote. */
  readonly toWire: (reply: Reply, asked: Asked) => Reply;
}

/** What an instance has that a translation may need. */
export interface Surroundings {
  readonly basePath: string;
  readonly clock: ReferenceClock;
  readonly choices: Choices;
}

/**
 * Another way to say the same on the wire. It knows nothing of flaws: what the plain API does wrong, it does wrong in every
 * style.
 */
export interface Style {
  /** Its file's name. */
  readonly name: string;
  /** What is different, in a few words. */
  readonly title: string;
  /** Choices that come with the style. */
  readonly choices: Partial<Choices>;
  /** Whether the version of a record is its entity tag, rather than a member of it. */
  readonly isTagged: boolean;
  readonly open: (surroundings: Surroundings) => Translation;
  /** The OpenAPI document, made from the plain one. */
  readonly document: (plain: Part) => Part;
  /** A resource of the spec, made from the plain one; `null` where the style has no such thing. */
  readonly resource: (plain: Part, kind: ResourceKind | 'placed-order') => Part | null;
}
