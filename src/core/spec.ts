import type { Location } from './errors.js';
import type { HeaderLine, Method } from './http.js';
import type { Inference } from './inference.js';
import type { Operation } from './operation.js';
import type { Resource } from './resource.js';
import type { Severity } from './verdict.js';

/** How the run proves who it is. Values are secrets and reach no output. */
export type Auth =
  | { readonly kind: 'bearer'; readonly token: string }
  | { readonly kind: 'basic'; readonly username: string; readonly password: string }
  | { readonly kind: 'apiKey'; readonly in: 'header' | 'query'; readonly name: string; readonly value: string }
  | {
      readonly kind: 'oauth2';
      readonly tokenUrl: string;
      readonly clientId: string;
      readonly clientSecret: string;
      readonly scope: string | null;
    }
  | { readonly kind: 'command'; readonly command: string; readonly header: string };

/** A caller: the target's own, or another one for the scoping checks. */
export interface Caller {
  readonly headers: readonly HeaderLine[];
  readonly auth: Auth | null;
}

/** A known defect somebody decided to live with until a day. */
export interface Waiver {
  readonly check: string;
  readonly operation: string | null;
  readonly reason: string;
  /** Last day it holds, `YYYY-MM-DD`. */
  readonly until: string | null;
  readonly location: Location | null;
}

/** The hooks a spec may have. */
export const HOOKS = ['clock', 'restart', 'fault', 'limit'] as const;

export type HookName = (typeof HOOKS)[number];

/** A command of the user's, or a request, that does something to the target's surroundings. */
export type Hook =
  | { readonly kind: 'command'; readonly command: string }
  | { readonly kind: 'request'; readonly method: Method; readonly path: string; readonly body: string | null };

/** Where the API keeps its keys. Names hold `{key}`; a `*` in one stands for anything. */
export type Store =
  | { readonly kind: 'redis'; readonly url: string; readonly names: readonly string[] }
  | { readonly kind: 'command'; readonly command: string };

/** What stands in the place of a secret. */
export type MaskOf = (secret: string) => string;

/** Masks fields of a text, each by what `maskOf` says of it, else all alike. */
export type Redact = (body: string, maskOf?: MaskOf) => string;

/** The one model that a native file and an OpenAPI document both arrive at. */
export interface Spec {
  /** The file it came from, as the user named it. */
  readonly file: string;
  readonly source: 'native' | 'openapi';
  /** `null` = neither file nor document names one. */
  readonly url: string | null;
  readonly caller: Caller;
  readonly identities: Readonly<Record<string, Caller>>;
  readonly profile: string;
  /** Why the profile was guessed (`auto`); `null` when it was not. */
  readonly profileReason: string | null;
  readonly resources: readonly Resource[];
  readonly checks: {
    /** `null` = all. */
    readonly include: readonly string[] | null;
    readonly exclude: readonly string[];
    readonly severity: Readonly<Record<string, Severity>>;
  };
  readonly hooks: Readonly<Partial<Record<HookName, Hook>>>;
  readonly store: Store | null;
  /** Masks the configured fields in a JSON body; any other text comes back as it was. */
  readonly redact: Redact;
  readonly waivers: readonly Waiver[];
  /** Requests before the first case and after the last. */
  readonly setup: readonly Operation[];
  readonly teardown: readonly Operation[];
  /** What was read out of an OpenAPI document; `null` where none is named. */
  readonly inference: Inference | null;
}
