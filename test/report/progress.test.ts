import { expect, it } from 'vitest';
import { result } from '../../fixtures/reports/canned-outcome.js';
import type { RunEvent } from '../../src/core/events.js';
import { NO_PROGRESS, progressed, progressLine } from '../../src/report/progress.js';

const after = (...events: readonly RunEvent[]) => progressLine(events.reduce(progressed, NO_PROGRESS), 80);
const started: RunEvent = { kind: 'started', cases: 57 };
const began = (id: string): RunEvent => ({ kind: 'case-started', id });
const ended = (operation: string, check: string): RunEvent => ({
  kind: 'case-ended',
  result: result(operation, check),
});

it('says what is under way', () => {
  expect(after(started)).toBe('0/57  getting to know the target');
  expect(after(started, began('POST /a#etag-stable'))).toBe('0/57  POST /a  etag-stable');
  expect(after(started, began('POST /a#etag-stable'), ended('POST /a', 'etag-stable'))).toBe('1/57');
});

it('says of a wait how long it is, and prefers a case that does something', () => {
  const wait: RunEvent = { kind: 'waiting', id: 'POST /a#key-ttl-honoured', ms: 5000 };
  const one = [started, began('POST /a#key-ttl-honoured'), wait] as const;
  expect(after(...one)).toBe('0/57  POST /a  key-ttl-honoured  waiting 5 s for a late retry');
  expect(after(...one, began('PUT /b#etag-stable'))).toBe('0/57  PUT /b  etag-stable  +1');
  expect(after(...one, began('PUT /b#etag-stable'), ended('PUT /b', 'etag-stable'))).toBe(
    '1/57  POST /a  key-ttl-honoured  waiting 5 s for a late retry',
  );
});

it('tells no wait that is over before it is read', () => {
  const id = 'POST /a#key-ttl-honoured';
  const waits = (ms: number) => after(started, began(id), { kind: 'waiting', id, ms });
  expect(waits(0)).toBe('0/57  POST /a  key-ttl-honoured  waiting');
  expect(waits(500)).toBe('0/57  POST /a  key-ttl-honoured  waiting');
  expect(waits(8000)).toBe('0/57  POST /a  key-ttl-honoured  waiting 8 s for a late retry');
});

it('says when the target wants patience, until a case goes on', () => {
  const back: RunEvent = { kind: 'backing-off', ms: 1500, status: 429 };
  expect(after(started, began('POST /a#etag-stable'), back)).toBe('0/57  the target answered 429, backing off 1.5 s');
  expect(after(started, back, began('POST /a#etag-stable'))).toBe('0/57  POST /a  etag-stable');
  expect(after(started, { kind: 'cleaning-up', records: 1 })).toBe('0/57  deleting 1 record');
});

it('says when a way to release races is given up', () => {
  const dropped: RunEvent = { kind: 'way-dropped', sync: 'last-byte', why: 'the server answered early' };
  expect(after(started, dropped)).toBe('0/57  races are not released as last-byte any more: the server answered early');
});

it('stays on one line', () => {
  const long = progressed(progressed(NO_PROGRESS, started), began(`POST /${'\n\u001b[2J'.repeat(50)}#etag-stable`));
  expect(progressLine(long, 40)).toHaveLength(39);
  // oxlint-disable-next-line no-control-regex -- that is what must not be there
  expect(progressLine(long, 400)).not.toMatch(/[\u0000-\u001f]/);
});
