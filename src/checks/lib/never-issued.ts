import type { Scope } from '../../core/scope.js';

/** An id nobody was given, of the shape of a real one: a UUID, a much larger number, else other letters of the same kind. */
export function neverIssuedLike(id: string, { uuid, marker }: Scope): string {
  if (/^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(id)) return uuid;
  if (/^\d+$/.test(id)) return String(Math.min(Number(id) + 100_000_000, 2_000_000_000));
  const digits = `${uuid}${marker}`.replaceAll(/[^0-9a-f]/g, '');
  return [...id]
    .map((letter, at) => (/[0-9a-f]/i.test(letter) ? (digits[at % digits.length] ?? letter) : letter))
    .join('');
}
