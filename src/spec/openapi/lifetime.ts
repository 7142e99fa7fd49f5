import type { DocumentedExpiry } from '../../core/operation.js';
import { isMembers, member, textMember } from '../data.js';
import { secondsOf } from '../duration.js';
import type { ApiDocument } from './document.js';
import type { FoundKey } from './keys.js';
import type { ApiOperation } from './operations.js';

const LIFETIME = /\b(\d+|one|two|three|seven|thirty)[\s-]*(seconds?|minutes?|hours?|hrs?|days?|weeks?)\b/i;
const NUMBERS: Readonly<Record<string, number>> = { one: 1, two: 2, three: 3, seven: 7, thirty: 30 };
const KEEPS =
  /expir|kept|keep|stor|valid|retain|retention|remember|cach|\blive|lifetime|\bttl\b|within|window|period|protect|honou?r/i;
const ABOUT_KEYS = /idempoten|\bkeys?\b/i;
const ENDLESS = /\b(never expires?|do(es)? not expire|kept (for ever|forever|indefinitely)|no expir)/i;
const LINK = /https?:\/\/[^\s)>\]"']+/i;

/** How long keys protect, as far as the document says. */
export interface Lifetime extends DocumentedExpiry {
  /** As a duration of the native format (`24h`), where it can be read off. */
  readonly ttl: string | null;
}

/**
 * The time a key protects: from an extension, from a sentence about keys such as "keys are kept for 24 hours" where
 * the key is declared, in the operation or in the introduction, else a link about idempotency. `null` when nothing is
 * said.
 */
export function lifetimeOf(document: ApiDocument, operation: ApiOperation, key: FoundKey): Lifetime | null {
  const extension = extensionOf(document, operation, key);
  if (extension !== null) return extension;
  const introduction = textMember(document.child(document.root, 'info')?.value, 'description') ?? '';
  const sentences = [
    ...sentencesOf(key.description),
    ...sentencesOf(`${operation.description}\n${introduction}`).filter(sentence => ABOUT_KEYS.test(sentence)),
  ];
  for (const sentence of sentences.filter(one => KEEPS.test(one))) {
    const ttl = durationIn(sentence);
    if (ttl !== null) return { text: sentence.trim(), seconds: secondsOf(ttl), ttl };
  }
  const endless = sentences.find(sentence => ENDLESS.test(sentence));
  if (endless !== undefined) return { text: endless.trim(), seconds: null, ttl: null };
  const link = linkOf(document, operation, key, sentences);
  return link === null ? null : { text: link, seconds: null, ttl: null };
}

function extensionOf(document: ApiDocument, { node }: ApiOperation, key: FoundKey): Lifetime | null {
  for (const holder of [node, key.node, document.root]) {
    for (const word of ['x-idempotency', 'x-idempotency-key', 'x-idempotency-ttl', 'x-idempotency-expiry']) {
      const value = member(holder.value, word);
      const inner = isMembers(value)
        ? (['ttl', 'expires', 'expiry', 'expiration', 'retention', 'lifetime'] as const)
            .map(name => value[name])
            .find(one => one !== undefined)
        : /ttl|expiry/.test(word)
          ? value
          : undefined;
      if (typeof inner !== 'string' && typeof inner !== 'number') continue;
      const seconds = secondsOf(inner);
      const ttl = seconds === null ? durationIn(String(inner)) : typeof inner === 'number' ? `${inner}s` : inner;
      return { text: `${word}: ${inner}`, seconds: ttl === null ? null : secondsOf(ttl), ttl };
    }
  }
  return null;
}

function durationIn(sentence: string): string | null {
  const [, count = '', unit = ''] = LIFETIME.exec(sentence) ?? [];
  const number = NUMBERS[count.toLowerCase()] ?? count;
  const duration = `${number}${unit.slice(0, 1).toLowerCase()}`;
  return unit === '' || secondsOf(duration) === null ? null : duration;
}

/** Where readers are sent for what is not written here. */
function linkOf(
  document: ApiDocument,
  { node }: ApiOperation,
  { node: declared, description }: FoundKey,
  sentences: readonly string[],
): string | null {
  const outer = [node, declared, document.root].map(holder => member(holder.value, 'externalDocs'));
  const external = outer
    .map(docs => `${textMember(docs, 'description') ?? ''} ${textMember(docs, 'url') ?? ''}`)
    .find(text => /idempoten/i.test(text));
  const written = [description, ...sentences.filter(sentence => /idempoten/i.test(sentence))];
  return (
    [...(external === undefined ? [] : [external]), ...written]
      .map(text => LINK.exec(text)?.[0].replace(/[.,;]$/, ''))
      .find(link => link !== undefined) ?? null
  );
}

function sentencesOf(text: string): readonly string[] {
  return text.split(/(?<=[.!?])\s+|\n+/);
}
