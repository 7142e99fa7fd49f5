import type { Result } from '../../src/core/report.js';
import type { Choices } from '../../src/reference/choices.js';
import type { Exception } from './exception.js';

const PUT_PENDING =
  'A record that a PUT made is not done yet, and its answer (201) does not say that it was only accepted: it is not followed.';
const OTHER_OPERATION = 'Two answers are compared by the operations they show, and not by the record that both end in.';

function isMadeByPut({ createAnswer }: Partial<Choices>, { operation }: Result): boolean {
  return createAnswer === 'pending' && operation.endsWith(' /orders/{id}');
}

/** Whether a result is about something done in the shop. */
function isOfShop({ operation }: Result): boolean {
  return /\/(cancel|remind|deposits|withdrawals|refunds|publish|reprint)$/.test(operation);
}

/** What the checks still say of correct APIs and should not, with what they must learn: each leaves when it is met no more. */
export const AWAITED_ON_CORRECT: readonly Exception[] = [
  ...(['control-failed', 'first-refused'] as const).map((code): Exception => ({
    why: PUT_PENDING,
    verdict: 'inconclusive',
    code,
    meets: isMadeByPut,
  })),
  ...(['control-failed', 'still-pending'] as const).map((code): Exception => ({
    why: OTHER_OPERATION,
    verdict: 'inconclusive',
    code,
    meets: ({ replayedOperation }) => replayedOperation === 'new',
  })),
  {
    why: 'While an order is pending every PUT is a 409: a precondition is not asked for then (RFC 9110 section 13.2.1). The control is missing.',
    verdict: 'warn',
    code: 'refused-otherwise',
    meets: (choices, result) => isMadeByPut(choices, result) && result.check === 'if-none-match-star',
  },
  {
    why: 'Where no read shows an effect, the answers alone are compared.',
    verdict: 'inconclusive',
    code: 'response-consistent',
    meets: ({ shop }, result) => shop === true && isOfShop(result),
  },
];
