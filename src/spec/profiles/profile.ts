import type { Contract, KeyCarrier } from '../../core/contract.js';
import type { Method } from '../../core/http.js';

/** A named contract: where it comes from, and what it says. */
export interface Profile {
  readonly name: string;
  readonly basedOn: readonly { readonly title: string; readonly url: string; readonly read: string }[];
  /**
   * Where its key travels. `methods`: what creates or acts by one of these takes a key when the user names the profile;
   * empty where that differs from operation to operation.
   */
  readonly key: KeyCarrier & { readonly methods: readonly Method[] };
  /** `mismatch.promised` holds when the user names the profile. */
  readonly contract: Omit<Contract, 'profile' | 'profileChosen' | 'key'>;
}
