import { outgoing } from '../core/arrange.js';
import { isSuccess, statusOf } from '../core/http.js';
import type { NumberEffect } from '../core/resource.js';
import type { Reading } from '../core/reading.js';
import { ask, uncounted, type Count, type Oracle } from './oracle.js';

/**
 * Counts effects as a number that moves: how many times `unit` it moved since the earlier reading. `unit` is what one
 * operation was seen to move it by; without it only the number itself is read. A number that was seen to move while
 * nothing was written (`unsteady`), or that moved by no multiple of the unit, is moved by others too, and counts nothing.
 */
export function numberOracle(effect: NumberEffect, unit: number | 'unsteady' | null): Oracle {
  return {
    kind: 'number',
    *read({ scope, since }) {
      const exchange = yield* ask(outgoing(effect.read, scope));
      if (!isSuccess(exchange))
        return uncounted('number', `${effect.read.name} was answered with ${statusOf(exchange) ?? exchange.lost}`);
      const value = Number(effect.value.all(exchange.response)[0]);
      if (!Number.isFinite(value)) return uncounted('number', `${effect.value.text} is no number`);
      return { kind: 'number', ids: [], value, ...countOf(value, unit, since, effect.value.text) };
    },
  };
}

function countOf(
  value: number,
  unit: number | 'unsteady' | null,
  since: Reading | null,
  name: string,
): Pick<Count, 'count' | 'trouble'> {
  const open = (trouble: string) => ({ count: null, trouble });
  if (unit === 'unsteady') return open(`${name} moves while nothing is written: others move it too`);
  if (unit === null || unit === 0) return open('nobody knows yet what one effect amounts to');
  if (since !== null && since.value === null) return open('the reading to count from did not come about');
  const moved = Math.round((value - (since?.value ?? value)) * 1e6) / 1e6;
  const count = Math.round((moved / unit) * 1000) / 1000;
  if (Number.isInteger(count)) return { count, trouble: null };
  return open(`${name} moved by ${moved}, and one effect by ${unit}: something else moves it too`);
}
