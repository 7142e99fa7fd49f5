import { ORDER, type ReferenceClient } from '../../support/reference-client.js';

export const OTHER = { ...ORDER, amount: 100.5 };

export const PUT_BODY = { amount: 10, status: 'confirmed', reference: 'ref', note: 'replaced', tags: ['retail'] };

export const THREE = [1, 2, 3];

export const statuses = (answers: readonly { readonly status: number }[]) =>
  answers.map(({ status }) => status).toSorted();

export async function raced(api: ReferenceClient) {
  const answers = await Promise.all(THREE.map(() => api.order(ORDER, 'k')));
  const count = await api.count();
  return { statuses: statuses(answers), count, again: (await api.order(ORDER, 'k')).status };
}

export const RACE = { statuses: [201, 409, 409], count: 1, again: 201 };
