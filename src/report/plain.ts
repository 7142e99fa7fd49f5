/**
 * Control characters, and the invisible ones that reorder or hide text (bidi controls, zero width, line separators):
 * whatever a server sends must not drive the terminal of the person who reads about it.
 */
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g;
const LONE_SURROGATE = /\p{Surrogate}/gu;

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** The text on one line, with everything that is not visible text written as an escape. */
export function plain(text: string): string {
  return text.replaceAll(UNSAFE, escaped).replaceAll(LONE_SURROGATE, '\ufffd');
}

/** Whether a text holds characters that `plain` would replace. */
export function isPlain(text: string): boolean {
  return plain(text) === text;
}

/** The same value with every string in it made plain; member names too. */
export function plainDeep<T>(value: T): T;
export function plainDeep(value: unknown): unknown {
  if (typeof value === 'string') return plain(value);
  if (Array.isArray(value)) return value.map(item => plainDeep<unknown>(item));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [plain(key), plainDeep<unknown>(item)]));
}

function escaped(character: string): string {
  const short = SHORT[character];
  if (short !== undefined) return short;
  const code = character.charCodeAt(0);
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
}
