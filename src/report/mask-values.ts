import type { MaskOf } from '../core/spec.js';

/** Shorter values occur in every other word; they are masked only where their place tells them. */
const SHORTEST = 4;

/** Masks known values in texts. */
export interface ValueMask {
  readonly everywhere: (text: string) => string;
  /** Masks the beginning of a value that a truncated text ends in. */
  readonly atEnd: (text: string) => string;
}

/**
 * Masks each value wherever it occurs, in whatever form: as it is, percent- or form-encoded, inside JSON, as UTF-8 read
 * byte by byte, in base64; upper and lower case alike. The time it takes does not grow with the number of values.
 */
export function createValueMask(values: readonly string[], maskOf: MaskOf): ValueMask {
  const valueOf = new Map(
    values
      .filter(({ length }) => length >= SHORTEST)
      .flatMap(value => formsOf(value).map(form => [lower(form), value] as const)),
  );
  const forms = [...valueOf.keys()];
  if (forms.length === 0) return { everywhere: text => text, atEnd: text => text };
  const byStart = indexed(forms.toSorted((a, b) => b.length - a.length));
  return {
    everywhere: text => replaced(text, byStart, form => maskOf(valueOf.get(form) ?? form)),
    atEnd: text => {
      const end = lower(text.slice(-Math.max(...forms.map(({ length }) => length))));
      const cut = Math.max(...forms.map(form => overhang(end, form)));
      return cut < SHORTEST ? text : text.slice(0, -cut) + maskOf(text.slice(-cut));
    },
  };
}

/** Forms by what their first characters hash to, the longest first. */
type Index = ReadonlyMap<number, readonly string[]>;

function indexed(forms: readonly string[]): Index {
  const index = new Map<number, string[]>();
  for (const form of forms) {
    const key = hashAt(form, 0);
    const others = index.get(key);
    if (others === undefined) index.set(key, [form]);
    else others.push(form);
  }
  return index;
}

function hashAt(text: string, at: number): number {
  let hash = 0;
  for (let next = at; next < at + SHORTEST; next++) hash = (hash * 31 + text.charCodeAt(next)) | 0;
  return hash;
}

function replaced(text: string, index: Index, maskOf: MaskOf): string {
  const lowered = lower(text);
  let out = '';
  let kept = 0;
  for (let at = 0; at + SHORTEST <= lowered.length; at++) {
    const form = index.get(hashAt(lowered, at))?.find(one => lowered.startsWith(one, at));
    if (form === undefined) continue;
    out += text.slice(kept, at) + maskOf(form);
    kept = at + form.length;
    at = kept - 1;
  }
  return out + text.slice(kept);
}

/** Lower case that keeps every character's place: ASCII alone. */
function lower(text: string): string {
  return text.replaceAll(/[A-Z]+/g, letters => letters.toLowerCase());
}

/** Length of the longest beginning of `form` that `text` ends in. */
function overhang(text: string, form: string): number {
  for (let length = Math.min(text.length, form.length - 1); length >= SHORTEST; length--) {
    if (text.endsWith(form.slice(0, length))) return length;
  }
  return 0;
}

function formsOf(value: string): readonly string[] {
  const safe = Buffer.from(value).toString();
  const encoded = encodeURIComponent(safe);
  const strictly = encoded.replaceAll(/[!'()*]/g, sign => `%${sign.charCodeAt(0).toString(16)}`);
  const json = JSON.stringify(value).slice(1, -1);
  const base64 = Buffer.from(value).toString('base64');
  const forms = [
    value,
    encoded,
    strictly,
    new URLSearchParams({ v: safe }).toString().slice(2),
    json,
    json.replaceAll('/', '\\/'),
    Buffer.from(value).toString('latin1'),
    base64.replace(/=+$/, ''),
    Buffer.from(value).toString('base64url'),
  ];
  return forms.filter(form => form.length >= SHORTEST);
}
