import { outgoing, type Making } from '../../../core/arrange.js';
import type { Subject, Tools } from '../../../core/check.js';
import { readingOf, type Evidence } from '../../../core/evidence.js';
import { isSuccess, type Exchange } from '../../../core/http.js';
import type { Outgoing } from '../../../core/resource.js';
import type { Scope } from '../../../core/scope.js';
import { effectsOf, send, type Counted, type Probe } from '../../../core/step.js';
import { hasAnswer } from '../http/answers.js';
import { isCrash, isRefusal } from '../http/statuses.js';
import { countOf, countTrouble } from '../judging/counting.js';
import { withKeyText } from './key-text.js';
import { sibling, stage } from './stage.js';

type Target = Pick<Subject, 'operation' | 'resource'>;

/** One request with a payload and a place of its own, under a key as it stands on the wire. The round tells it apart. */
export interface Trial<Label extends string = string> {
  readonly label: Label;
  readonly round: number;
  readonly text: string;
  /** Last touch to the request: a second key line, bytes as they are. */
  readonly bend?: (sent: Outgoing) => Outgoing;
}

/** Plays trials one after the other. */
export interface Trials {
  readonly play: <const Label extends string>(
    trial: Trial<Label>,
  ) => Probe<Exchange, Label | 'before' | 'after' | Making>;
  /** Sends the request of a trial once more, as it was. */
  readonly again: <const Label extends string>(label: Label, round: number) => Probe<Exchange | null, Label>;
  /** Counts the effects of all that were accepted, each by itself (step `after`). */
  readonly count: () => Probe<void, 'after'>;
}

/** Prepares trials: creates share their parents, and each action has a resource of its own. */
export function* trialsOf(target: Target, tools: Tools): Probe<Trials, Making> {
  const { operation, resource } = target;
  const shared = operation.role === 'create' ? yield* stage(target, tools) : null;
  const accepted: Counted[] = [];
  const sent = new Map<number, Outgoing>();
  // Without a marker the records of later trials would be counted too: such a trial is settled before the next begins.
  const isRecognisable = operation.marked || operation.role !== 'create';

  function* place(): Probe<Scope, Making> {
    return shared === null ? yield* stage(target, tools) : sibling(resource, shared, tools);
  }

  return {
    *play({ label, round, text, bend = usual => usual }) {
      const scope = yield* place();
      const before = { round, resource, operation, scope, seen: [], since: null };
      const [since = null] = yield* effectsOf('before', [before], 'now');
      const request = bend(withKeyText(outgoing(operation, scope), text));
      sent.set(round, request);
      const exchange = yield* send(label, request, round);
      if (!isSuccess(exchange)) return exchange;
      const counted: Counted = { ...before, seen: [exchange], since };
      if (isRecognisable) accepted.push(counted);
      else yield* effectsOf('after', [counted]);
      return exchange;
    },
    *again(label, round) {
      const request = sent.get(round);
      return request === undefined ? null : yield* send(label, request, round);
    },
    *count() {
      if (accepted.length > 0) yield* effectsOf('after', accepted);
    },
  };
}

/**
 * What became of a trial. `taken`: it was answered with success, and yet did nothing of its own, or shows the id of the
 * other request. `open`: nothing can be said.
 */
export type Deed = 'executed' | 'taken' | 'refused' | 'crashed' | 'open';

/** What became of a trial, next to another request with another payload that was carried out. */
export function deedOf(
  { operation, resource }: Target,
  evidence: Evidence<'after'>,
  trial: Exchange | undefined,
  other: Exchange | undefined,
): Deed {
  if (!hasAnswer(trial)) return 'open';
  const { status } = trial.response;
  if (isCrash(status)) return 'crashed';
  if (isRefusal(status)) return 'refused';
  if (!isSuccess(trial)) return 'open';
  const [id, known] = [trial, other].map(item => (hasAnswer(item) ? resource.id.of(item.response) : null));
  const isNamed = operation.role === 'create' && typeof id === 'string';
  if (isNamed && id === known) return resource.id.from === null ? 'taken' : 'open';
  const reading = readingOf(evidence, 'after', trial.round);
  if (countTrouble(evidence, reading) !== null) return isNamed && known !== null ? 'executed' : 'open';
  if (countOf(reading) >= 1) return 'executed';
  return status === 202 || isNamed || reading?.count !== 0 ? 'open' : 'taken';
}
