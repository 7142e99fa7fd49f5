import type { Cut, Exchange } from './http.js';
import type { Operation } from './operation.js';
import type { Reading } from './reading.js';
import type { Outgoing, Resource } from './resource.js';
import type { Scope } from './scope.js';
import type { HookName } from './spec.js';

/** What an oracle shall count: the effects the `seen` exchanges had through one operation, within one scope. */
export interface Counted {
  readonly round: number;
  readonly resource: Resource;
  readonly operation: Operation;
  readonly scope: Scope;
  /** The exchanges that may have had an effect; an oracle by identity looks at their ids. */
  readonly seen: readonly Exchange[];
  /** An earlier reading the count starts from; `null` = from nothing. */
  readonly since: Reading | null;
  /**
   * Nothing but the `seen` exchanges acts within the scope and its parents, so that effects of a create beside its own
   * record may be counted too; absent = not so.
   */
  readonly isApart?: boolean;
  /** Ids of records that the run made in other scopes; the engine gives them. */
  readonly foreign?: readonly string[];
  /** Ids of records that a whole list shows in any case; the engine gives them. */
  readonly standing?: readonly string[];
  /** Who looks, where that is another caller than the target's own. */
  readonly identity?: string;
}

/** The beginning of the label of a step whose 429 the case asked for: it makes no try void. */
export const PROVOKED = 'provoked';

/** One thing a probe asks of the engine. Its label names the step in the evidence and in the report. */
export type Step<Label extends string = string> =
  /** One request, on a connection of its own. */
  | { readonly kind: 'send'; readonly label: Label; readonly round: number; readonly outgoing: Outgoing }
  /** All requests released at once, on warm connections; `warmUp` is a safe request for each connection first. */
  | {
      readonly kind: 'together';
      readonly label: Label;
      readonly round: number;
      readonly outgoing: readonly Outgoing[];
      readonly warmUp: Outgoing | null;
      /** No part of a request goes ahead of the others: released whole. */
      readonly isWhole?: boolean;
    }
  /**
   * Requests that go out one after the other while the first may still be at work, each on a connection of its own;
   * `afterMs` says when each is released, counted from the first one.
   */
  | {
      readonly kind: 'staggered';
      readonly label: Label;
      readonly round: number;
      readonly outgoing: readonly Outgoing[];
      readonly afterMs: readonly number[];
    }
  /** One request given up at a cut point; what the server makes of it is for later steps to see. */
  | {
      readonly kind: 'interrupted';
      readonly label: Label;
      readonly round: number;
      readonly outgoing: Outgoing;
      readonly cut: Cut;
    }
  /**
   * One request, and looks into the store of the API for its key while it is under way and when it was answered:
   * readings `<label> pending` and `<label> finished`, one for each entry, with its name and its milliseconds to live.
   */
  | {
      readonly kind: 'watched';
      readonly label: Label;
      readonly round: number;
      readonly outgoing: Outgoing;
      readonly key: string;
    }
  /** A hook of the user's: move the test clock by `seconds`, restart the service, make the next request fail or be turned away. */
  | {
      readonly kind: 'hook';
      readonly label: string;
      readonly hook: HookName;
      readonly values: Readonly<Record<string, string | number>>;
    }
  /** Requests sent one after the other while a hook runs, until one of them gets no answer or the hook is done. */
  | {
      readonly kind: 'disturbed';
      readonly label: Label;
      /** Of the first request; each further one has the next. */
      readonly round: number;
      readonly outgoing: readonly Outgoing[];
      readonly hook: HookName;
    }
  /** A wait that frees the case's slot, counted from `sinceUs` (run time) or from now. */
  | { readonly kind: 'later'; readonly label: string; readonly ms: number; readonly sinceUs: number | null }
  /**
   * Ask the oracle. `now` reads once. `settled` reads, and unless that already shows two effects waits the settle
   * time and reads again until two readings agree.
   */
  | {
      readonly kind: 'effects';
      readonly label: Label;
      readonly when: 'now' | 'settled';
      readonly counted: readonly Counted[];
    };

/** What the engine answers a step with: its exchanges in the order asked for, and the readings of an `effects` step. */
export interface Answer {
  readonly exchanges: readonly Exchange[];
  readonly readings: readonly Reading[];
  /** Microseconds since the run began. */
  readonly nowUs: number;
}

/**
 * A generator that yields steps and uses earlier answers; it does no I/O. `Label` are the labels of the steps that leave
 * exchanges or readings behind: a judge can ask for these and no others. One that names none stands for any text, and
 * then `defineCheck` lets nothing be asked for.
 */
export type Probe<Result = void, Label extends string = string> = Generator<Step<Label>, Result, Answer>;

/** Sends one request on a new connection and hands back its exchange. */
export function* send<const Label extends string>(label: Label, outgoing: Outgoing, round = 0): Probe<Exchange, Label> {
  const { exchanges } = yield { kind: 'send', label, round, outgoing };
  return only(exchanges, label);
}

/** Releases requests at once and hands back their exchanges, in the order given. */
export function* together<const Label extends string>(
  label: Label,
  outgoing: readonly Outgoing[],
  { round = 0, warmUp = null }: { readonly round?: number; readonly warmUp?: Outgoing | null } = {},
): Probe<readonly Exchange[], Label> {
  const { exchanges } = yield { kind: 'together', label, round, outgoing, warmUp };
  return exchanges;
}

/** Releases requests at their times, milliseconds from the first one, whatever was answered; hands back their exchanges in the order given. */
export function* staggered<const Label extends string>(
  label: Label,
  outgoing: readonly Outgoing[],
  afterMs: readonly number[],
  round = 0,
): Probe<readonly Exchange[], Label> {
  const { exchanges } = yield { kind: 'staggered', label, round, outgoing, afterMs };
  return exchanges;
}

/** Sends one request and gives it up at a cut point; hands back its exchange (`lost: 'aborted'` when it was cut). */
export function* interrupted<const Label extends string>(
  label: Label,
  outgoing: Outgoing,
  cut: Cut,
  round = 0,
): Probe<Exchange, Label> {
  const { exchanges } = yield { kind: 'interrupted', label, round, outgoing, cut };
  return only(exchanges, label);
}

/** Sends one request and looks into the store for its key meanwhile and afterwards; hands back its exchange. */
export function* watched<const Label extends string>(
  label: Label,
  outgoing: Outgoing,
  key: string,
  round = 0,
): Probe<Exchange, Label | `${Label} ${'pending' | 'finished'}`> {
  const { exchanges } = yield { kind: 'watched', label, round, outgoing, key };
  return only(exchanges, label);
}

/** Runs a hook of the user's. The engine throws Trouble `setup-hook` when it is missing or fails. */
export function* hook(
  label: string,
  name: HookName,
  values: Readonly<Record<string, string | number>> = {},
): Probe<void, never> {
  yield { kind: 'hook', label, hook: name, values };
}

/**
 * Sends requests one after the other while a hook of the user's runs; hands back the exchanges of those that were sent,
 * in rounds of their own.
 */
export function* disturbed<const Label extends string>(
  label: Label,
  outgoing: readonly Outgoing[],
  name: HookName,
): Probe<readonly Exchange[], Label> {
  const { exchanges } = yield { kind: 'disturbed', label, round: 0, outgoing, hook: name };
  return exchanges;
}

/** Waits, with the slot free for other cases; from `sinceUs` when given. Hands back the time it is then (microseconds). */
export function* later(label: string, ms: number, sinceUs: number | null = null): Probe<number, never> {
  const { nowUs } = yield { kind: 'later', label, ms, sinceUs };
  return nowUs;
}

/** Counts effects for several scopes in one go. */
export function* effectsOf<const Label extends string>(
  label: Label,
  counted: readonly Counted[],
  when: 'now' | 'settled' = 'settled',
): Probe<readonly Reading[], Label> {
  const { readings } = yield { kind: 'effects', label, when, counted };
  return readings;
}

/** Counts the effects within one scope. */
export function* effects<const Label extends string>(
  label: Label,
  counted: Omit<Counted, 'round' | 'since'> & { readonly round?: number; readonly since?: Reading | null },
  when: 'now' | 'settled' = 'settled',
): Probe<Reading, Label> {
  const readings = yield* effectsOf(label, [{ round: 0, since: null, ...counted }], when);
  return only(readings, label);
}

function only<T>(items: readonly T[], label: string): T {
  const [item] = items;
  if (item === undefined) throw new RangeError(`the engine gave step "${label}" no answer`);
  return item;
}
