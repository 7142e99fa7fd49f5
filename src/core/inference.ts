import type { Location } from './errors.js';

/** What a guess is about. */
export type About =
  | 'url'
  | 'create'
  | 'id'
  | 'parent'
  | 'list'
  | 'paging'
  | 'marker'
  | 'body'
  | 'variant'
  | 'invalid'
  | 'unique'
  | 'key'
  | 'ttl'
  | 'statuses'
  | 'version'
  | 'volatile'
  | 'omit'
  | 'effect'
  | 'path';

/** Something a document does not say in so many words, and what makes it likely. */
export interface Guess {
  /** `null` = the document as a whole. */
  readonly resource: string | null;
  /** `METHOD /template`, `null` = the resource as a whole. */
  readonly operation: string | null;
  readonly about: About;
  /** As it would stand in an idem-check file. */
  readonly value: string;
  readonly reason: string;
  readonly location: Location;
}

/** Something that could not be inferred, with the few lines of an idem-check file that say it. */
export interface Gap {
  readonly resource: string | null;
  readonly operation: string | null;
  readonly text: string;
  readonly yaml: string;
  readonly location: Location;
}

/** A security scheme, and how its credential is given. */
export interface Scheme {
  readonly name: string;
  readonly kind: 'bearer' | 'basic' | 'apiKey' | 'other';
  /** Where the credential travels. */
  readonly in: 'header' | 'query' | 'cookie';
  /** Name of the header, parameter or cookie. */
  readonly carrier: string;
  /** What to write on the command line or into the file. */
  readonly how: string;
  readonly location: Location;
}

/** What was read out of a document beyond its letter. */
export interface Inference {
  readonly guesses: readonly Guess[];
  readonly gaps: readonly Gap[];
  /** Ways to authenticate, each a set of schemes that go together; empty = the document demands none. */
  readonly security: readonly (readonly Scheme[])[];
}
