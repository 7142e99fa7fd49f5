import type { Result } from './report.js';
import type { Sync } from './sync.js';

/** What a run tells while it runs; a thin second channel beside its outcome. */
export type RunEvent =
  | { readonly kind: 'started'; readonly cases: number }
  | { readonly kind: 'case-started'; readonly id: string }
  | { readonly kind: 'case-ended'; readonly result: Result }
  /** A case waits so long from now on, for a late retry or for a reading to settle. */
  | { readonly kind: 'waiting'; readonly id: string; readonly ms: number }
  | { readonly kind: 'backing-off'; readonly ms: number; readonly status: number }
  /** A way to release races does not work at the target; the rounds to come take another. */
  | { readonly kind: 'way-dropped'; readonly sync: Sync; readonly why: string }
  | { readonly kind: 'cleaning-up'; readonly records: number };

export type OnEvent = (event: RunEvent) => void;
