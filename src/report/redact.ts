import type { HeaderLine } from '../core/http.js';
import type { MaskOf, Redact } from '../core/spec.js';
import { closedJson } from './closed-json.js';
import { maskMembers } from './json-members.js';
import { createValueMask } from './mask-values.js';
import { isCookie, isSecretHeader, isSecretMember, isSecretParameter } from './sensitive.js';

/** What stands where a secret stood. In a report the second one has a number, and so on: `[redacted-2]`. */
export const MASK = '[redacted]';

/** A word of so many letters is no ordinary one. */
const WORD = 10;

/** A value of so many characters is met nowhere by accident. */
const LONG = 16;

/** Every mask in a text. */
export const MASKS = /\[redacted(?:-(\d+))?\]/g;

/** Masks secrets in everything a report shows. Built by `createRedaction`. */
export interface Redaction {
  /** Sentences, arguments and anything else that may quote the target. */
  readonly text: (text: string) => string;
  readonly url: (url: string) => string;
  readonly header: (line: HeaderLine) => HeaderLine;
  readonly body: (body: string, encoding: 'utf8' | 'base64', truncated: boolean) => string;
  /**
   * The same with the secrets that bodies show as values of masked members: they may come again elsewhere. It tells
   * secrets apart: each has a mask of its own, numbered as they come, so that what is alike stays alike and what differs
   * differs.
   */
  readonly learning: (bodies: Iterable<string>) => Redaction;
}

export interface Secrets {
  /**
   * Configured credentials (tokens, passwords, client secrets, `user:password` pairs). Long and random ones are masked
   * wherever they occur, also percent-encoded, JSON-escaped and in base64; an ordinary word (`alice`) only where its place
   * tells it (an authorisation header, a member called password): it may stand in a body for something else.
   */
  readonly values: readonly string[];
  /** Masks the configured fields of a JSON body (`Spec.redact`). */
  readonly fields: Redact;
  /** Names of headers, parameters and members that are secret in this run, beside those that usually are. */
  readonly names?: readonly string[];
  /** Names of headers alone that carry credentials in this run. */
  readonly headers?: readonly string[];
  /** Names that stay visible whatever they sound like: where the idempotency keys travel. */
  readonly visible?: readonly string[];
}

/** Masks nothing: for a report whose secrets were masked when it was written. */
export const AS_IT_IS: Redaction = {
  text: text => text,
  url: url => url,
  header: line => line,
  body: body => body,
  learning: () => AS_IT_IS,
};

/** A Bearer token or a JSON Web Token, wherever it stands. */
const BEARER = /\b(Bearer\s+)([\w.~+/-]{6,}=*)/gi;
const WEB_TOKEN = /(?<![\w-])eyJ[\w-]{8,}\.[\w-]{4,}(?:\.[\w-]*)*/g;
const USER_INFO = /(\b[a-z][a-z0-9+.-]{0,20}:\/\/)([^\s/?#"'<>@]*)@/gi;
const PARAMETER = /([?&;#]|^|\s)([\w.~%[\]-]+)=([^&\s"'<>#;]*)/g;

/** Masks by place and by value: the same text always comes out the same. */
export function createRedaction(secrets: Secrets, maskOf: MaskOf = () => MASK): Redaction {
  const { names = [], headers = [], visible = [], fields } = secrets;
  const isOne = (list: readonly string[], name: string) => list.some(one => one.toLowerCase() === name.toLowerCase());
  const by = (usual: (name: string, parent: string) => boolean) => (name: string, parent: string) =>
    !isOne(visible, name) && (isOne(names, name) || usual(name, parent));
  const byValue = createValueMask(
    secrets.values.filter(value => !isOrdinary(value)),
    maskOf,
  );
  const member = by(isSecretMember);
  const parameter = by(isSecretParameter);
  const secretHeader = by(name => isOne(headers, name) || isSecretHeader(name));

  const url = (text: string) =>
    byValue
      .everywhere(text.replaceAll(USER_INFO, (_, scheme: string, user: string) => `${scheme}${maskOf(user)}@`))
      .replaceAll(PARAMETER, (whole, before: string, name: string, value: string) =>
        value !== '' && parameter(decoded(name), '') ? `${before}${name}=${maskOf(value)}` : whole,
      );
  const text = (given: string) =>
    url(maskMembers(given, member, maskOf))
      .replaceAll(BEARER, (_, scheme: string, token: string) => `${scheme}${maskOf(token)}`)
      .replaceAll(WEB_TOKEN, token => maskOf(token));
  const body = (given: string, truncated: boolean) => {
    const masked = text(truncated ? maskedUpToCut(given, fields, maskOf) : fields(given, maskOf));
    return truncated ? byValue.atEnd(masked) : masked;
  };
  return {
    text,
    url: given => text(given),
    header: ([name, value]) => {
      if (isCookie(name) && !isOne(visible, name)) return [name, maskCookies(name, value, maskOf)];
      return [name, secretHeader(name, '') ? maskOf(value) : text(value)];
    },
    body: (given, encoding, truncated) => {
      if (encoding === 'utf8') return body(given, truncated);
      const bytes = Buffer.from(given, 'base64').toString('latin1');
      const masked = body(bytes, truncated);
      return masked === bytes ? given : Buffer.from(masked, 'latin1').toString('base64');
    },
    learning: bodies => {
      const learned = new Set<string>();
      for (const given of bodies) learnFrom(given, fields, member, learned);
      return createRedaction({ ...secrets, values: [...secrets.values, ...learned] }, numbered());
    },
  };
}

/** `name=value` pairs of a Cookie line, or the first of a Set-Cookie line: names stay, what follows them goes. */
function maskCookies(name: string, value: string, maskOf: MaskOf): string {
  const pairs = /^set-/i.test(name) ? [value.split(';')[0] ?? ''] : value.split(';');
  const masked = (pair: string): string => {
    const from = pair.indexOf('=') + 1;
    const value = pair.slice(from).trim();
    return value === '' ? pair : `${pair.slice(0, from)}${maskOf(value)}`;
  };
  return pairs.map(masked).join(';');
}

/** Masks that number the secrets in the order in which they come. What is a mask already stays as it is. */
function numbered(): MaskOf {
  const masks = new Map<string, string>();
  return secret => {
    const known = masks.get(secret) ?? (isMask(secret) ? secret : null);
    if (known !== null) return known;
    const mask = masks.size === 0 ? MASK : `[redacted-${masks.size + 1}]`;
    masks.set(secret, mask);
    return mask;
  };
}

function isMask(text: string): boolean {
  return text.replaceAll(MASKS, '') === '' && text !== '';
}

/**
 * A truncated body is no JSON any more: where fields of it would be masked, only what was complete of it is kept, and the
 * rest is a secret of its own.
 */
function maskedUpToCut(body: string, fields: Redact, maskOf: MaskOf): string {
  const closed = closedJson(body);
  const masked = fields(closed, maskOf);
  if (masked === closed) return fields(body, maskOf);
  const rest = body.slice(commonLength(body, closed));
  return rest.trim() === '' ? masked : `${masked}${maskOf(rest)}`;
}

function commonLength(one: string, two: string): number {
  let length = 0;
  while (length < one.length && one[length] === two[length]) length++;
  return length;
}

/** Whether a value may well be met by accident: a word in one case, or a few digits. */
function isOrdinary(value: string): boolean {
  return value.length < WORD && /^(?:[\p{L}][\p{Ll}]*|\p{Lu}+|\d{1,7})$/u.test(value);
}

/** Values long and odd enough that meeting them elsewhere is no accident. */
function isTelling(value: string): boolean {
  return value.length >= LONG || (value.length >= 6 && /\d/.test(value));
}

function learnFrom(
  body: string,
  fields: Redact,
  isSensitive: (name: string, parent: string) => boolean,
  learned: Set<string>,
): void {
  const learn = (value: string) => {
    if (isTelling(value) && !value.includes(MASK)) learned.add(value);
  };
  maskMembers(body, isSensitive, () => MASK, learn);
  const masked = fields(body);
  if (masked === body) return;
  const [before, after] = [leavesOf(body), leavesOf(masked)];
  for (const [path, value] of before) if (after.get(path) !== value) learn(value);
}

/** Strings and numbers of a JSON text by their path; empty for any other text. */
function leavesOf(text: string): ReadonlyMap<string, string> {
  const leaves = new Map<string, string>();
  const visit = (value: unknown, path: string): void => {
    if (typeof value === 'string' || typeof value === 'number') leaves.set(path, String(value));
    else if (typeof value === 'object' && value !== null) {
      for (const [key, item] of Object.entries(value)) visit(item, `${path}/${key}`);
    }
  };
  try {
    visit(JSON.parse(text), '');
  } catch {
    // No JSON: `fields` masks nothing in it either.
  }
  return leaves;
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
