import { createHash } from 'node:crypto';
import type { Stored } from './records.js';

/** A strong tag: it changes with every write, and the representation is a function of what it is made from. */
export function strongTag(record: Stored): string {
  return `"${createHash('sha256').update(JSON.stringify(record)).digest('base64url').slice(0, 22)}"`;
}

/** A tag that changes with the minutes since the creation: a flaw's. */
export function coarseTag({ id, createdAtMs, updatedAtMs }: Stored): string {
  return `"${id}-${Math.floor((updatedAtMs - createdAtMs) / 60_000)}"`;
}

/** Strong comparison: a weak tag matches nothing (RFC 9110 section 8.8.3.2). */
export function strongMatch(header: string, tag: string | null): boolean {
  if (header.trim() === '*') return true;
  return tag !== null && !isWeak(tag) && tagsIn(header).includes(tag);
}

/** Weak comparison (RFC 9110 section 8.8.3.2). */
export function weakMatch(header: string, tag: string | null): boolean {
  if (header.trim() === '*') return true;
  return tag !== null && tagsIn(header).some(given => opaque(given) === opaque(tag));
}

function tagsIn(header: string): readonly string[] {
  return header.match(/(?:W\/)?"[^"]*"/g) ?? [];
}

function isWeak(tag: string): boolean {
  return tag.startsWith('W/');
}

function opaque(tag: string): string {
  return isWeak(tag) ? tag.slice(2) : tag;
}
