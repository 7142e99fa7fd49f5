import type { Location } from '../core/errors.js';
import type { Inference } from '../core/inference.js';
import type { Documented } from '../core/operation.js';
import type { SpecFile } from '../generated/spec.js';
import type { Layer } from './contract.js';
import type { Source } from './source.js';

/** What an OpenAPI document says about one operation beside how it is called. */
export interface Note {
  /** `METHOD /template` as the document writes the path. */
  readonly name: string;
  readonly location: Location;
  readonly documented: Documented;
  readonly tags: readonly string[];
  readonly operationId: string | null;
  /** What it promises about keys. */
  readonly layer: Layer;
}

/**
 * What native file and OpenAPI document both arrive at, before it is compiled: all of it in the native format, and what
 * that format cannot say beside it.
 */
export interface Draft {
  readonly file: SpecFile;
  readonly kind: 'native' | 'openapi';
  /** The file the user named, for places. */
  readonly source: Source;
  /** By `operationKey`. */
  readonly notes: ReadonlyMap<string, Note>;
  /** Documented requests without a role, by resource. */
  readonly others: ReadonlyMap<string, readonly string[]>;
  /** What the document calls itself: its title and its server. */
  readonly about: readonly string[];
  /** What was read out of a document; `null` where none is named. */
  readonly inference: Inference | null;
}
