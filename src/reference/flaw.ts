import type { Hooks } from './behaviour.js';
import type { Declared } from './declared.js';
import type { Choices } from './choices.js';

/** Resources of the reference API, as a spec names them. */
export type ResourceKind =
  | 'order'
  | 'account'
  | 'note'
  | 'label'
  | 'tags'
  | 'product'
  | 'purchase'
  | 'wallet'
  | 'membership'
  | 'payment'
  | 'basket'
  | 'line'
  | 'article';

/** One defect: what it breaks in an otherwise correct API, and which finding shows it. */
export interface Flaw {
  /** Its file's name. */
  readonly id: string;
  /** One sentence that says what a client meets. */
  readonly title: string;
  /** The finding it is there for; other checks may find something too. */
  readonly exposes: {
    readonly check: string;
    readonly code: string;
    /** Variant of the check; absent = the check itself. */
    readonly variant?: string;
    readonly resource: ResourceKind;
    /** How grave it is, where that is what a check might get wrong. */
    readonly level?: 'fail' | 'warn';
  };
  /** Choices the flaw needs. */
  readonly choices?: Partial<Choices>;
  /** What the API says of itself, where that is not what its choices say. */
  readonly declares?: Partial<Declared>;
  /**
   * The demo leaves it out: its check has the wire to itself for seconds, and is shown there by another flaw; or it takes all
   * other checks to meet it.
   */
  readonly inDemo?: false;
  readonly hooks: Hooks;
}
