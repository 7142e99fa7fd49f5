import { outgoing } from '../core/arrange.js';
import { isSuccess, statusOf } from '../core/http.js';
import type { NumberEffect } from '../core/resource.js';
import { ask, uncounted, type Count, type Oracle } from './oracle.js';

/**
 * Counts effects as a number that moves: how many times `unit` it moved since the earlier reading. `unit` is what one
 * operation was seen to move it by; without it only the number itself is read.
 */
export function numberOracle(effect: NumberEffect, unit: number | null): Oracle {
  return {
    kind: 'number',
    *read({ scope, since }) {
      const exchange = yield* ask(outgoing(effect.read, scope));
      if (!isSuccess(exchange))
        return uncounted('number', `${effect.read.name} was answered with ${statusOf(exchange) ?? exchange.lost}`);
      const value = Number(effect.value.all(exchange.response)[0]);
      if (!Number.isFinite(value)) return uncounted('number', `${effect.value.text} is no number`);
      const described = (count: number | null, trouble: string | null): Count => {
        return { kind: 'number', count, ids: [], value, trouble };
      };
      if (unit === null || unit === 0) return described(null, 'nobody knows yet what one effect amounts to');
      if (since !== null && since.value === null)
        return described(null, 'the reading to count from did not come about');
      return described(Math.round(((value - (since?.value ?? value)) / unit) * 1000) / 1000, null);
    },
  };
}
