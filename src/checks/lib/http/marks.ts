import type { Contract } from '../../../core/contract.js';
import { header, type Response } from '../../../core/http.js';

/** Headers by which APIs and libraries mark a replay. */
const USUAL_MARKS: readonly string[] = [
  'Idempotent-Replayed',
  'Idempotency-Replayed',
  'Idempotency-Relayed',
  'Idempotency-Status',
  'X-Idempotency-Status',
  'X-Idempotent-Replayed',
  'Request-Idempotency',
  'Repeatability-Result',
];

/** The header that marks an answer as a replay, as `name: value`; `null` where there is none. */
export function markOf({ marker }: Pick<Contract, 'marker'>, response: Response): string | null {
  if (marker !== null) {
    const value = header(response, marker.header);
    const isMark = value !== null && (marker.value === null || marker.value.toLowerCase() === value.toLowerCase());
    return isMark ? `${marker.header}: ${value}` : null;
  }
  for (const name of USUAL_MARKS) {
    const value = header(response, name);
    if (value !== null) return `${name}: ${value}`;
  }
  return null;
}
