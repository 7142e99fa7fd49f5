/** Time, handed in so that a test can move it. `nowMs` is milliseconds since any fixed moment. */
export interface ReferenceClock {
  readonly nowMs: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}
