import { placeOf, type Change } from './changes.js';
import type { Lesson } from './lesson.js';

/** A value in a sentence is no longer than this. */
const LONGEST = 40;

/**
 * What moved, for a person: `$.refunded +10`, `$.status "open" -> "cancelled"`, `GET /accounts/{id} $.entries +1 item`.
 * The read is named where it is not the resource's own. Values that are another each time are not told.
 */
export function wordsFor(change: Change, lesson: Lesson): string {
  const { path } = change;
  const where = change.read === lesson.own ? path : `${change.read} ${path}`;
  const watched = lesson.watched.find(one => placeOf(one) === placeOf(change));
  if (watched === undefined || watched.kind === 'restless') return `${where} moved`;
  switch (change.kind) {
    case 'number':
      return `${where} ${change.by.startsWith('-') ? '' : '+'}${change.by}`;
    case 'items':
      return `${where} ${itemWords(change.appeared.length, change.vanished.length)}`;
    case 'appeared':
      return `${where} appeared: ${short(change.to)}`;
    case 'vanished':
      return `${where} vanished`;
    case 'changed':
      return `${where} ${short(change.from)} -> ${short(change.to)}`;
  }
}

function itemWords(appeared: number, vanished: number): string {
  const parts = [appeared === 0 ? '' : `+${appeared}`, vanished === 0 ? '' : `-${vanished}`].filter(
    part => part !== '',
  );
  return `${parts.join(' ')} ${appeared + vanished === 1 ? 'item' : 'items'}`;
}

function short(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1)}…`;
}
