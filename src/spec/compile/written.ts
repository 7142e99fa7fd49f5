import type { ActionOperation, ListOperation, Operation } from '../../generated/spec.js';

/** An operation in its long form. */
export type WrittenOperation = Exclude<Operation, string>;

export type AnyOperation = Operation | ListOperation | ActionOperation;

/** The long form of an operation that may have been written as text. */
export function longForm<Long extends object>(written: string | Long): Long | { readonly request: string } {
  return typeof written === 'string' ? { request: written } : written;
}

/** The request line of an operation; empty where it was left out. */
export function requestText(written: AnyOperation): string {
  return typeof written === 'string' ? written : (written.request ?? '');
}
