import type { RunEvent } from '../core/events.js';
import { plain } from './plain.js';
import { plural } from './sentence.js';
import { clipped } from './terminal/wrap.js';

/** What a progress line knows so far. */
export interface Progress {
  readonly done: number;
  readonly total: number;
  /** Cases under way, the last one started at the end; each with what it does just now. */
  readonly running: readonly { readonly id: string; readonly state: string }[];
  /** What the run as a whole does, which goes before any case. */
  readonly text: string;
}

export const NO_PROGRESS: Progress = { done: 0, total: 0, running: [], text: '' };

/** The progress after an event. Pure. */
export function progressed(progress: Progress, event: RunEvent): Progress {
  switch (event.kind) {
    case 'started':
      return { ...NO_PROGRESS, total: event.cases, text: 'getting to know the target' };
    case 'case-started':
      return { ...progress, text: '', running: [...without(progress, event.id), { id: event.id, state: '' }] };
    case 'waiting': {
      const state = waitText(event.ms);
      return { ...progress, running: progress.running.map(one => (one.id === event.id ? { ...one, state } : one)) };
    }
    case 'case-ended':
      return { ...progress, text: '', done: progress.done + 1, running: without(progress, event.result.id) };
    case 'backing-off':
      return { ...progress, text: `the target answered ${event.status}, backing off ${seconds(event.ms)}` };
    case 'way-dropped':
      return { ...progress, text: `races are not released as ${event.sync} any more: ${event.why}` };
    case 'cleaning-up':
      return { ...progress, text: `deleting ${plural(event.records, 'record')}` };
  }
}

/** The progress as one line, at most `width - 1` columns: `12/57  POST /orders  key-ttl-honoured  waiting 8 s for a late retry`. */
export function progressLine({ done, total, running, text }: Progress, width: number): string {
  const last = running.findLast(({ state }) => state === '') ?? running.at(-1);
  const others = running.length > 1 && text === '' ? `+${running.length - 1}` : '';
  const parts = text === '' ? [last?.id.replace('#', '  ') ?? '', last?.state ?? '', others] : [text];
  const line = [`${Math.min(done, total)}/${total}`, ...parts].filter(part => part !== '').join('  ');
  return clipped(plain(line), Math.max(10, width - 1));
}

function without({ running }: Progress, id: string): Progress['running'] {
  return running.filter(one => one.id !== id);
}

/** Shorter waits are for an effect to settle, and over before they are read. */
const LATE_MS = 1000;

function waitText(ms: number): string {
  return ms < LATE_MS ? 'waiting' : `waiting ${seconds(ms)} for a late retry`;
}

function seconds(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${Math.round(ms / 100) / 10} s`;
}
