import { isPlain } from './plain.js';
import { MASKS } from './redact.js';

/**
 * A text as one word of a POSIX shell, safe to paste: nothing in it is expanded, and characters that would drive the
 * terminal are written as octal escapes of `printf %b`. What was masked becomes a variable to set first.
 */
export function shellWord(text: string, variable = 'IDEM_CHECK_SECRET'): string {
  return text === ''
    ? "''"
    : withVariable(text, variable, part => (isPlain(part) ? quoted(part) : `"$(printf %b ${quoted(octal(part))})"`));
}

/** The argument of `printf %b` that prints a text exactly, whatever is in it. */
export function printfWord(text: string, variable = 'IDEM_CHECK_SECRET'): string {
  return withVariable(text, variable, part => quoted(octal(part)));
}

function withVariable(text: string, variable: string, word: (part: string) => string): string {
  // The split keeps the number of each mask, which stands between the parts.
  return text
    .split(MASKS)
    .map((part, at) => {
      if (at % 2 === 1) return `"$${variable}${part === undefined ? '' : `_${part}`}"`;
      return part === '' ? '' : word(part);
    })
    .join('');
}

function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

function octal(text: string): string {
  return Array.from(text.replaceAll('\\', '\\\\'), character =>
    isPlain(character) ? character : bytesOf(character),
  ).join('');
}

function bytesOf(character: string): string {
  return Array.from(Buffer.from(character), byte => `\\0${byte.toString(8).padStart(3, '0')}`).join('');
}
