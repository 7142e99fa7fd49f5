import { isLosslessNumber, isSafeNumber, parse, parseNumberAndBigInt } from 'lossless-json';
import diff from 'microdiff';
import type { Response } from '../../../core/http.js';
import { coversPath } from './paths.js';

/** Parses a JSON text without losing a digit; `undefined` when it is none. */
export function parseJson(text: string): unknown {
  try {
    return parse(text, null, {
      parseNumber: value => (isSafeNumber(value) ? Number(value) : parseNumberAndBigInt(value)),
    });
  } catch {
    return undefined;
  }
}

/** The JSON body of a response; `undefined` when it has none. */
export function jsonOf({ body, bodyEncoding }: Response): unknown {
  return bodyEncoding === 'utf8' && body !== '' ? parseJson(body) : undefined;
}

/** One place where two documents differ: `$.a.b` with the value on either side (`undefined` = absent). */
export interface Difference {
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** The places where two JSON values differ, leaving out the paths given and everything below them. */
export function differences(before: unknown, after: unknown, ignored: readonly string[] = []): readonly Difference[] {
  return diff({ $: before }, { $: after })
    .map(change => ({
      path: change.path
        .map((part, at) => (typeof part === 'number' ? `[${part}]` : at === 0 ? part : `.${part}`))
        .join(''),
      before: change.type === 'CREATE' ? undefined : change.oldValue,
      after: change.type === 'REMOVE' ? undefined : change.value,
    }))
    .filter(({ path }) => !ignored.some(prefix => coversPath(prefix, path)));
}

/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isLosslessNumber(value);
}
