import type { MaskOf } from '../core/spec.js';

/** Tokens of JSON text; a string cut off at the end of the text counts as one. */
const TOKEN = /"[^"\\]*(?:\\[^][^"\\]*)*(?:"|\\?$)|[{}[\]:,]|[^\s{}[\]:,"]+/g;

interface Frame {
  readonly isObject: boolean;
  /** Whether all values inside are masked. */
  readonly masked: boolean;
  /** Name of the member this value is. */
  readonly name: string;
}

/**
 * Masks the values of members whose name is sensitive, everything inside them included, and leaves every other byte of
 * the text as it was. Reads tokens instead of parsing, so that a truncated body and text around JSON are covered too.
 * `seen` is told each value that was masked, unquoted.
 */
export function maskMembers(
  text: string,
  isSensitive: (name: string, parent: string) => boolean,
  maskOf: MaskOf,
  seen: (value: string) => void = () => {},
): string {
  if (!text.includes('"')) return text;
  const stack: Frame[] = [];
  let name = '';
  let expectsName = false;
  let pending: string | null = null;
  return text.replaceAll(TOKEN, (token: string) => {
    const frame = stack.at(-1);
    const masked = frame?.masked === true || (name !== '' && isSensitive(name, frame?.name ?? ''));
    switch (token) {
      case '{':
      case '[':
        stack.push({ isObject: token === '{', masked, name: name === '' ? (frame?.name ?? '') : name });
        [name, expectsName, pending] = ['', token === '{', null];
        return token;
      case '}':
      case ']':
        stack.pop();
        [name, expectsName, pending] = ['', false, null];
        return token;
      case ',':
        [name, expectsName, pending] = ['', frame?.isObject !== false, null];
        return token;
      case ':':
        if (pending !== null) [name, expectsName] = [pending, false];
        pending = null;
        return token;
      default:
        pending = token.startsWith('"') ? unquoted(token) : null;
        if ((expectsName || frame === undefined) && name === '') return token;
        if (!masked || token === 'null') return token;
        seen(unquoted(token));
        return `"${maskOf(unquoted(token))}"`;
    }
  });
}

function unquoted(token: string): string {
  if (!token.startsWith('"')) return token;
  try {
    const value: unknown = JSON.parse(token);
    return typeof value === 'string' ? value : token;
  } catch {
    return token.slice(1);
  }
}
