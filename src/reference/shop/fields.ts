import { members as membersIn, type Read } from '../drafts.js';
import type { Members } from '../records.js';
import { problem, type Reply } from '../reply.js';

/** What a body may say in a member: a text, a number above 0, or one of some texts; without `otherwise` it must be said. */
export interface Field {
  readonly type: 'text' | 'amount' | readonly string[];
  readonly otherwise?: string | number;
}

export type Fields = Readonly<Record<string, Field>>;

/** The members that a body gives; where nothing can be said, no body is needed. */
export function draftOf(fields: Fields, body: string): Read<Members> {
  const given = body === '' && Object.keys(fields).length === 0 ? { value: {}, refusal: null } : membersIn(body);
  if (given.refusal !== null) return given;
  const entries: [string, string | number][] = [];
  for (const [name, field] of Object.entries(fields)) {
    const value = given.value[name] ?? field.otherwise;
    if (!isOf(field, value)) return { value: null, refusal: invalid(`${name} must be ${spoken(field)}.`) };
    entries.push([name, value]);
  }
  return { value: Object.fromEntries(entries), refusal: null };
}

function isOf({ type }: Field, value: unknown): value is string | number {
  if (type === 'amount') return typeof value === 'number' && Number.isFinite(value) && value > 0;
  return typeof value === 'string' && (type === 'text' || type.includes(value));
}

function spoken({ type }: Field): string {
  if (type === 'text') return 'a string';
  return type === 'amount' ? 'a number greater than 0' : `one of ${type.join(', ')}`;
}

function invalid(detail: string): Reply {
  return problem(400, 'invalid', 'The request is not valid', { detail });
}
