import { isAnswered, isSuccess, statusOf, type Answered, type Exchange } from '../../../core/http.js';
import { inconclusive, type Verdict } from '../../../core/verdict.js';

/** Why a case cannot be judged whose exchange had to be answered with 2xx; `null` when it was. */
export function needsSuccess(exchange: Exchange | undefined): Verdict<never, never> | null {
  if (!hasAnswer(exchange)) return lostAnswer(exchange);
  return isSuccess(exchange) ? null : inconclusive('first-refused', { status: statusOf(exchange) ?? 0 });
}

/** Whether an exchange took place and was answered. */
export function hasAnswer(exchange: Exchange | undefined): exchange is Answered {
  return exchange !== undefined && isAnswered(exchange);
}

/** The verdict on a case that needed an answer which never came. */
export function lostAnswer(exchange: Exchange | undefined): Verdict<never, never> {
  return inconclusive('lost-answers', { lost: exchange?.lost ?? 'not sent' });
}

/** Those of the exchanges that there are. */
export function present(...exchanges: readonly (Exchange | undefined)[]): readonly Exchange[] {
  return exchanges.filter(exchange => exchange !== undefined);
}
