import type { Operation } from './operation.js';
import type { Request, Response } from './http.js';
import type { Scope } from './scope.js';

/** A compiled place in a JSON document (RFC 9535 JSONPath), or in a header. */
export interface Selector {
  /** As the user wrote it. */
  readonly text: string;
  /** Everything it selects in a response; empty when nothing matches or the body is no JSON. */
  readonly all: (response: Response) => readonly unknown[];
  /** Everything it selects in a parsed value. */
  readonly in: (value: unknown) => readonly unknown[];
  /** Puts a value where the selector points, for stand-in answers; leaves the document alone where it cannot. */
  readonly place: (document: Record<string, unknown>, value: unknown) => void;
}

/** A place in a response as a spec writes it: a JSONPath into its body, or a header and a pattern whose first group it is. */
export type Place = string | { readonly header: string; readonly pattern?: string };

/** How the id of a created resource is known. */
export interface Identity {
  /** `client`: the template `id` of the spec gives it; `server`: the create response does. */
  readonly chosenBy: 'client' | 'server';
  /** Where a create response shows it, the first that is there; empty when the client chooses it. */
  readonly places: readonly Place[];
  /** The id in a response, `null` when there is none. An id may be `0` or the empty string. */
  readonly of: (response: Response) => string | null;
  /** The id the client chooses. `null` when the server does. */
  readonly from: ((scope: Scope) => string) | null;
  /** Makes a stand-in create response carry an id, for planning without a network. */
  readonly place: (response: Response, id: string) => Response;
}

/** Where a resource's version travels. `null` in `Resource.version` = seen from the answers (ETag and If-Match). */
export interface VersionCarrier {
  readonly in: 'header' | 'body' | 'query';
  readonly name: string;
  /** The query parameter that carries a version of the body where a request has no body, as a DELETE. */
  readonly parameter?: string;
}

/**
 * How the pages of a list follow each other, where the answers do not say it by themselves. Names are those of query
 * parameters.
 */
export interface Paging {
  /** Where an answer names the next page: by its address, a token, or its number. */
  readonly next?: Selector;
  /** Takes the token of the next page, or the id of the last record. */
  readonly cursor?: string;
  /** Takes the number of a page. */
  readonly page?: string;
  /** Takes how many records to skip. */
  readonly offset?: string;
  /** Takes how many records a page holds. */
  readonly limit?: string;
}

/** A list operation and how to read its items. */
export interface Listing {
  readonly operation: Operation;
  readonly items: Selector | null;
  /** `none`: an answer is always the whole list. Absent = seen from the answers. */
  readonly paging?: Paging | 'none';
  /** The list asks for one marker only (its query or body holds `{{marker}}`). */
  readonly filtered: boolean;
}

/** A side effect seen as a number: what to read and where the number stands. */
export interface NumberEffect {
  readonly read: Operation;
  readonly value: Selector;
}

/** An operation on a resource that is neither create, read, replace, update nor delete. */
export interface Action {
  readonly name: string;
  readonly operation: Operation;
  readonly effect: NumberEffect | null;
}

/** A command of the user's that prints how many records carry the scope's marker. */
export interface CountCommand {
  readonly command: (scope: Scope) => string;
}

/** How a deleted resource shows itself. */
export type Gone =
  | { readonly kind: 'status'; readonly statuses: readonly number[] }
  | { readonly kind: 'value'; readonly value: Selector; readonly equals: unknown };

/** A family of operations on one kind of thing. */
export interface Resource {
  readonly name: string;
  /** Resources that must exist first, outermost first. */
  readonly parents: readonly Resource[];
  readonly id: Identity;
  readonly create: Operation | null;
  readonly list: Listing | null;
  readonly read: Operation | null;
  readonly replace: Operation | null;
  readonly update: Operation | null;
  readonly remove: Operation | null;
  readonly actions: readonly Action[];
  /** Documented operations with no other role. */
  readonly others: readonly Operation[];
  readonly version: VersionCarrier | null;
  readonly volatile: readonly Selector[];
  readonly count: CountCommand | null;
  readonly gone: Gone;
  readonly setup: readonly Operation[];
  readonly teardown: readonly Operation[];
}

/** Every operation of a resource, in the order of a resource's life. */
export function operationsOf(resource: Resource): readonly Operation[] {
  const { create, list, read, replace, update, remove, actions, others } = resource;
  return [
    create,
    list?.operation ?? null,
    read,
    replace,
    update,
    ...actions.map(action => action.operation),
    remove,
    ...others,
  ].filter(operation => operation !== null);
}

/** A request with its operation and scope: what the engine needs to know what may have been created by it. */
export interface Outgoing {
  readonly operation: Operation;
  readonly scope: Scope;
  readonly request: Request;
  /** Another caller: of the spec's `identities`, or built in (see `callers.ts`); absent = the target's own. */
  readonly identity?: string;
}
