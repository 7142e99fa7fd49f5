import { FAILING_NOTE } from '../../../src/reference/orders.js';
import { ORDER, type ReferenceClient } from '../../support/reference-client.js';
import { row, type Row } from './row.js';

/** Seven orders under a key each, of which the last one meets trouble; then that one twice more. */
async function afterTrouble(api: ReferenceClient) {
  const made = [];
  for (let at = 1; at <= 7; at++) made.push(await api.order(ORDER, `k${at}`));
  const again = [await api.order(ORDER, 'k7'), await api.order(ORDER, 'k7')];
  return { statuses: [made.at(-1), ...again].map(answer => answer?.status), count: await api.count() };
}

const FREED = (status: number) => ({ statuses: [status, 201, 201], count: 7 });
const STORED = (status: number) => ({ statuses: [status, status, status], count: 6 });

async function failing(api: ReferenceClient) {
  const answers = [];
  for (const body of [{ ...ORDER, note: FAILING_NOTE }, ORDER]) answers.push(await api.order(body, 'k'));
  return answers.map(({ status }) => status);
}

/** How flaws show themselves that come with trouble behind the API. */
export const troubleRows: Readonly<Record<string, Row>> = {
  'error-stored-though-freed': row(failing, [500, 201], [500, 500]),
  'too-many-requests-stored': row(afterTrouble, FREED(429), STORED(429)),
  'bad-gateway-stored': row(afterTrouble, FREED(502), STORED(502)),
  'unavailable-stored': row(afterTrouble, FREED(503), STORED(503)),
  'timeout-stored': row(afterTrouble, { statuses: [201, 201, 201], count: 7 }, { statuses: [504, 504, 504], count: 7 }),
};
