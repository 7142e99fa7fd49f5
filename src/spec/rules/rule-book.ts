import { at } from '../data.js';
import type { Mistakes } from '../mistakes.js';
import { createSelector } from '../selector.js';
import type { Path } from '../source.js';
import { shown } from '../validate.js';

/** What a rule tells its findings to. */
export interface Rules {
  readonly add: Mistakes['add'];
  /** What the user wrote at a place, for a message: before variables were filled in, which may be secrets. */
  readonly quoted: (path: Path) => string;
  /** What the user wrote at a place; `undefined` for what was inferred from a document. */
  readonly written: (path: Path) => unknown;
}

export function createRules(raw: unknown, mistakes: Mistakes): Rules {
  return { add: mistakes.add, quoted: path => shown(at(raw, path)), written: path => at(raw, path) };
}

/** A JSONPath must be one. */
export function checkPath(text: string, path: Path, { add, quoted }: Rules): void {
  try {
    createSelector(text);
  } catch (error) {
    const detail = error instanceof RangeError ? error.message : 'it is not understood';
    add(path, `${quoted(path)} is no JSONPath: ${detail}; write it as in $.items[*].id`);
  }
}

export function checkPaths(texts: readonly string[] | undefined, path: Path, rules: Rules): void {
  for (const [index, text] of (texts ?? []).entries()) checkPath(text, [...path, index], rules);
}

/** A regular expression must be one, and has a group that tells what to take. */
export function checkPattern(text: string, path: Path, { add, quoted }: Rules): void {
  try {
    const groups = (new RegExp(`${text}|`).exec('')?.length ?? 1) - 1;
    if (groups === 0) add(path, `${quoted(path)} needs a group that says what to take, as in "/orders/([^/]+)$"`);
  } catch {
    add(path, `${quoted(path)} is no regular expression`);
  }
}

/** Header names are tokens, and values stay on their line (RFC 9110 section 5). */
export function checkHeaders(headers: Readonly<Record<string, unknown>> | undefined, path: Path, rules: Rules): void {
  for (const [name, value] of Object.entries(headers ?? {})) {
    const here = [...path, name];
    checkHeaderName(name, here, rules, 'key');
    if (/[\r\n\0]/.test(String(value))) rules.add(here, 'a header value must stay on one line');
  }
}

export function checkHeaderName(name: string, path: Path, { add }: Rules, side: 'key' | 'value' = 'value'): void {
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)) add(path, `"${name}" cannot be the name of a header`, side);
}
