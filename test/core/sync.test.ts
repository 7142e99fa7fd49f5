import { expect, test } from 'vitest';
import { isHeld, SYNC_CHOICES, SYNC_NAMES, SYNCS, WHOLE } from '../../src/core/sync.js';

test('the ways come best first, whole requests last, and a race may choose any or leave it to the tool', () => {
  expect(SYNC_NAMES).toEqual(['single-packet', 'last-byte', 'barrier']);
  expect(SYNC_NAMES.at(-1)).toBe(WHOLE);
  expect(SYNC_CHOICES).toEqual(['auto', ...SYNC_NAMES]);
});

test('nothing of a whole request goes ahead; outside a race nothing does', () => {
  expect([...SYNC_NAMES, null].filter(isHeld)).toEqual(['single-packet', 'last-byte']);
});

test.each(Object.entries(SYNCS))('%s says in one line what it does', (_name, { help }) => {
  expect(help).toMatch(/^\S.{20,110}[^.]$/);
});
