import type { Tools } from '../../../core/check.js';
import type { Contract } from '../../../core/contract.js';
import { statusOf, type Exchange } from '../../../core/http.js';
import type { Outgoing } from '../../../core/resource.js';
import { later, send, type Probe } from '../../../core/step.js';
import { isInFlight } from '../http/in-flight.js';
import { isRefusal } from '../http/statuses.js';

/** Milliseconds before each retry; the last one again and again. */
const BACK_OFF_MS: readonly number[] = [100, 250, 500, 1000, 2000, 4000, 8000];

/** Whether an answer may say that the key is still in flight. A 429 voids the try instead. */
export function isToldToWait(contract: Pick<Contract, 'inflight'>, answer: Exchange): boolean {
  return isRefusal(statusOf(answer) ?? 0) && isInFlight(answer, contract);
}

/**
 * Sends a request again, with back-off, until its key is not called in flight any more, or the answer has the status
 * `usual`, or the run or the contract has no more patience. Hands back every exchange.
 */
export function* retried<const Label extends string>(
  label: Label,
  request: Outgoing,
  {
    tools,
    round = 0,
    usual = null,
  }: { readonly tools: Tools; readonly round?: number; readonly usual?: number | null },
): Probe<readonly Exchange[], Label> {
  const { contract } = request.operation;
  const beganUs = yield* later('back-off', 0);
  const longestMs = Math.min(tools.maxWaitMs, contract.inflightTimeout * 1000);
  const answers: Exchange[] = [];
  for (let at = 0; ; at++) {
    const nowUs = yield* later('back-off', BACK_OFF_MS[Math.min(at, BACK_OFF_MS.length - 1)] ?? 0);
    const answer = yield* send(label, request, round);
    answers.push(answer);
    if (statusOf(answer) === usual || !isToldToWait(contract, answer)) return answers;
    if ((nowUs - beganUs) / 1000 >= longestMs) return answers;
  }
}
