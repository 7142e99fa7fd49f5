import type { Subject } from '../../../core/check.js';
import type { Page } from '../../../core/operation.js';

/** What documentation says of an operation, `null` when no document describes it. */
export function pageOf({ operation }: Subject): Page | null {
  return operation.documented?.page ?? null;
}

export const NO_PAGE = 'no OpenAPI document describes it';

/** Whether a status stands in a document, by itself, in a range (`4XX`) or in `default`. */
export function declares({ responses }: Pick<Page, 'responses'>, status: number): boolean {
  const range = `${Math.floor(status / 100)}XX`;
  return responses.some(one => {
    const written = one.status.toUpperCase();
    return written === String(status) || written === range || written === 'DEFAULT';
  });
}

/** The statuses of a list of which none is declared: all of them, or none where one is. */
export function noneOf(page: Pick<Page, 'responses'>, statuses: readonly number[]): boolean {
  return !statuses.some(status => declares(page, status));
}
