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
      const moved = value - (since?.value ?? value);
      const count = unit === null || unit === 0 ? null : Math.round((moved / unit) * 1000) / 1000;
      const trouble = count === null ? 'nobody knows yet what one effect amounts to' : null;
      return { kind: 'number', count, ids: [], value, trouble } satisfies Count;
    },
  };
}
