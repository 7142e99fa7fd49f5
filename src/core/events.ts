import type { Result } from './report.js';

/** What a run tells while it runs; a thin second channel beside its outcome. */
export type RunEvent =
  | { readonly kind: 'started'; readonly cases: number }
  | { readonly kind: 'case-started'; readonly id: string }
  | { readonly kind: 'case-ended'; readonly result: Result }
  | { readonly kind: 'waiting'; readonly id: string; readonly ms: number }
  | { readonly kind: 'backing-off'; readonly ms: number; readonly status: number }
  | { readonly kind: 'cleaning-up'; readonly records: number };

export type OnEvent = (event: RunEvent) => void;
