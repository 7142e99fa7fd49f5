import type { Contract } from '../../core/contract.js';

/** A named contract: where it comes from, and what it says. */
export interface Profile {
  readonly name: string;
  readonly basedOn: readonly { readonly title: string; readonly url: string; readonly read: string }[];
  readonly contract: Omit<Contract, 'profile' | 'profileChosen' | 'key'> & { readonly keyForm: 'raw' | 'sf-string' };
}
