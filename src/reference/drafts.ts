import { patched } from './json-patch.js';
import { isObject, problem, type Reply } from './reply.js';
import { ORDER_STATUSES, type OrderStatus } from './records.js';

/** What a client says of an order. */
export interface OrderDraft {
  readonly amount: number;
  readonly status: OrderStatus;
  readonly reference: string | null;
  readonly note: string | null;
  readonly tags: readonly string[];
}

export interface AccountDraft {
  readonly owner: string;
  readonly currency: string;
}

/** What a client says of a label. */
export interface LabelDraft {
  readonly text: string;
  readonly colour: string | null;
  readonly weight: number;
}

/** A value that was understood, or the refusal of one that was not. */
export type Read<T> = { readonly value: T; readonly refusal: null } | { readonly value: null; readonly refusal: Reply };

type Members = Readonly<Record<string, unknown>>;

/** The members of a JSON object body. */
export function members(body: string): Read<Members> {
  try {
    const value: unknown = JSON.parse(body);
    return isObject(value) ? read(value) : refuse('The body must be a JSON object.');
  } catch {
    return refuse('The body is not valid JSON.');
  }
}

/** A whole order: what is not said takes its default (RFC 9110 section 9.3.4, PUT replaces). */
export function orderDraft(body: string): Read<OrderDraft> {
  return orderDraftOver({ status: 'open', reference: null, note: null, tags: [] }, body);
}

/** An order with some members changed; null takes a member back to its default (RFC 7396). */
export function orderDraftOver(base: Partial<OrderDraft>, body: string): Read<OrderDraft> {
  const given = members(body);
  if (given.refusal !== null) return given;
  const { amount = base.amount } = given.value;
  const status = given.value['status'] ?? base.status;
  const reference = valueOr(given.value, 'reference', base.reference);
  const note = valueOr(given.value, 'note', base.note);
  const tags = valueOr(given.value, 'tags', base.tags) ?? [];
  if (!isAmount(amount)) return refuse('amount must be a number greater than 0.');
  if (!isOrderStatus(status)) return refuse('status must be open, confirmed, shipped or cancelled.');
  if (!isTextOrNull(reference)) return refuse('reference must be a string.');
  if (!isTextOrNull(note)) return refuse('note must be a string.');
  if (!isTexts(tags)) return refuse('tags must be a list of strings.');
  return read({ amount, status, reference, note, tags });
}

/** An order after the steps of a JSON Patch (RFC 6902). */
export function orderDraftPatched(
  { amount, status, reference, note, tags }: OrderDraft,
  body: string,
): Read<OrderDraft> {
  const document = patched({ amount, status, reference, note, tags }, body);
  return typeof document === 'string' ? refuse(document) : orderDraftOver({}, JSON.stringify(document));
}

/** A new account. */
export function accountDraft(body: string): Read<AccountDraft> {
  const given = members(body);
  if (given.refusal !== null) return given;
  const { owner, currency = 'EUR' } = given.value;
  if (typeof owner !== 'string' || owner === '') return refuse('owner must be a string that is not empty.');
  if (typeof currency !== 'string') return refuse('currency must be a string.');
  return read({ owner, currency });
}

/** The amount of a deposit. */
export function depositDraft(body: string): Read<number> {
  const given = members(body);
  if (given.refusal !== null) return given;
  const { amount } = given.value;
  return isAmount(amount) ? read(amount) : refuse('amount must be a number greater than 0.');
}

/** The text of a note. */
export function noteDraft(body: string): Read<string> {
  const given = members(body);
  if (given.refusal !== null) return given;
  const { text } = given.value;
  return typeof text === 'string' ? read(text) : refuse('text must be a string.');
}

/** A whole label: what is not said takes its default. */
export function labelDraft(body: string): Read<LabelDraft> {
  const given = members(body);
  if (given.refusal !== null) return given;
  const { text, colour = null, weight = 0 } = given.value;
  if (typeof text !== 'string') return refuse('text must be a string.');
  if (!isTextOrNull(colour)) return refuse('colour must be a string.');
  if (typeof weight !== 'number' || !Number.isFinite(weight)) return refuse('weight must be a number.');
  return read({ text, colour, weight });
}

function read<T>(value: T): Read<T> {
  return { value, refusal: null };
}

function refuse(detail: string): Read<never> {
  return { value: null, refusal: problem(400, 'invalid', 'The request is not valid', { detail }) };
}

function valueOr(given: Members, name: string, otherwise: unknown): unknown {
  return name in given ? given[name] : (otherwise ?? null);
}

function isAmount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0;
}

function isOrderStatus(value: unknown): value is OrderStatus {
  return value !== 'deleted' && ORDER_STATUSES.some(status => status === value);
}

function isTextOrNull(value: unknown): value is string | null {
  return value === null || typeof value === 'string';
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every(item => typeof item === 'string');
}
