import type { ReferenceClient } from '../../support/reference-client.js';
import { row, type Row } from './row.js';
import { PUT_BODY, THREE, statuses } from './common.js';

/** A PUT with the optional field, then one without it. */
async function putWithout(api: ReferenceClient) {
  const { id } = await api.order();
  await api.put(id, PUT_BODY, (await api.get(id)).etag);
  const { note: _, ...rest } = PUT_BODY;
  await api.put(id, rest, (await api.get(id)).etag);
  return (await api.get(id)).json['note'];
}

async function labelWithout(api: ReferenceClient) {
  await api.label('l', { text: 't', colour: 'red' });
  await api.label('l', { text: 't' });
  return (await api.send('GET', '/labels/l')).json['colour'];
}

/** PUTs to one new address at once: the answers, whether the state is one of them, and how many records there are. */
async function labelsMade(api: ReferenceClient) {
  const answers = await Promise.all(THREE.map(n => api.label('l', { text: `t${n}`, weight: n })));
  const { text, weight } = (await api.send('GET', '/labels/l')).json;
  return { statuses: statuses(answers), isWhole: text === `t${String(weight)}`, count: await api.count('/labels') };
}

/** Create-only PUTs to one new address at once, and one more: the answers, and whose state it is. */
async function labelsClaimed(api: ReferenceClient) {
  const claim = (n: number) => api.label('l', { text: `t${n}` }, { 'if-none-match': '*' });
  const answers = await Promise.all(THREE.map(claim));
  const again = await claim(4);
  const { text } = (await api.send('GET', '/labels/l')).json;
  return { statuses: statuses(answers), again: again.status, isTaken: text !== 't4' };
}

/** PUTs of one label at once: the answers, and which of them the state is made of. */
async function labelsMet(api: ReferenceClient) {
  await api.label('l', { text: 't0', weight: 0 });
  const answers = await Promise.all(THREE.map(n => api.label('l', { text: `t${n}`, weight: n })));
  const { text, weight } = (await api.send('GET', '/labels/l')).json;
  const winner = answers[Number(String(text).slice(1)) - 1];
  return { statuses: statuses(answers), isWhole: text === `t${String(weight)}`, isWinner: winner?.status === 200 };
}

/** Accounts of one owner at once, and one more. */
async function ownersMet(api: ReferenceClient) {
  const answers = await Promise.all(THREE.map(() => api.account('o')));
  const again = (await api.account('o')).status;
  return { statuses: statuses(answers), count: await api.count('/accounts?owner=o'), again };
}

/** Deposits to one account at once: the answers, and the balance. */
async function paidIn(api: ReferenceClient) {
  const { id } = await api.account('o');
  const answers = await Promise.all(THREE.map(() => api.deposit(id, 5)));
  const { balance } = (await api.send('GET', `/accounts/${id}`)).json;
  return { statuses: statuses(answers), balance };
}

const LABELS = { statuses: [200, 200, 200], isWhole: true, isWinner: true };

const MADE = { statuses: [200, 200, 201], isWhole: true, count: 1 };

const CLAIMED = { statuses: [201, 412, 412], again: 412, isTaken: true };

const OWNERS = { statuses: [201, 409, 409], count: 1, again: 409 };

const DEPOSITS = { statuses: [201, 201, 201], balance: 15 };

export const labelsRows: Readonly<Record<string, Row>> = {
  'deposit-lost': row(paidIn, DEPOSITS, { ...DEPOSITS, balance: 5 }),
  'deposit-refused-but-booked': row(paidIn, DEPOSITS, { ...DEPOSITS, statuses: [201, 409, 409] }),
  'concurrent-deposit-crashes': row(paidIn, DEPOSITS, { statuses: [201, 500, 500], balance: 5 }),
  'unique-checked-before-insert': row(ownersMet, OWNERS, { ...OWNERS, statuses: [201, 201, 201], count: 3 }),
  'unique-violation-crashes': row(ownersMet, OWNERS, { ...OWNERS, statuses: [201, 500, 500] }),
  'put-keeps-omitted': row(putWithout, null, 'replaced'),
  'put-keeps-for-good': row(putWithout, null, 'replaced'),
  'put-keeps-colour': row(labelWithout, null, 'red'),
  'concurrent-put-creates-two': row(labelsMade, MADE, { ...MADE, count: 3 }),
  'put-created-in-two-steps': row(labelsMade, MADE, { ...MADE, isWhole: false }),
  'concurrent-put-all-created': row(labelsMade, MADE, { ...MADE, statuses: [201, 201, 201] }),
  'concurrent-put-create-crashes': row(labelsMade, MADE, { ...MADE, statuses: [201, 500, 500] }),
  'put-written-in-two-steps': row(labelsMet, LABELS, { ...LABELS, isWhole: false }),
  'concurrent-put-adds-up': row(labelsMet, LABELS, { ...LABELS, isWhole: false }),
  'concurrent-put-refused-but-written': row(labelsMet, LABELS, {
    statuses: [200, 409, 409],
    isWhole: true,
    isWinner: false,
  }),
  'concurrent-put-crashes': row(labelsMet, LABELS, { ...LABELS, statuses: [200, 500, 500] }),
  'if-none-match-ignored': row(labelsClaimed, CLAIMED, { statuses: [200, 200, 201], again: 200, isTaken: false }),
  'if-none-match-checked-before-insert': row(labelsClaimed, CLAIMED, { ...CLAIMED, statuses: [200, 200, 201] }),
  'if-none-match-conflict': row(labelsClaimed, CLAIMED, { ...CLAIMED, statuses: [201, 409, 409], again: 409 }),
  'if-none-match-crashes': row(labelsClaimed, CLAIMED, { ...CLAIMED, statuses: [201, 500, 500], again: 500 }),
};
