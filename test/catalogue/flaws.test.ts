import { expect, test } from 'vitest';
import { AWAITED } from '../../src/reference/awaited.js';
import type { Flaw } from '../../src/reference/flaw.js';
import { flaws } from '../../src/reference/flaws/index.js';
import { judgedAgain, reportText } from './judged-again.js';
import { meantBy } from './meant.js';
import { play } from './play.js';

/** What the check says that a flaw is there for. */
async function codesOn(flaw: Flaw): Promise<readonly string[]> {
  const { isPlayed, codesIn } = meantBy(flaw);
  const { resource } = flaw.exposes;
  const outcome = await play({
    flaw,
    resources: [resource],
    wants: one => isPlayed(one.check.id, one.variant) && one.resource.name === resource,
  });
  expect(outcome.internalErrors).toEqual([]);
  expect(judgedAgain(reportText(outcome))).toEqual(outcome.results);
  return codesIn(outcome.results);
}

const named = (chosen: readonly Flaw[]) => chosen.map(flaw => [flaw.id, flaw] as const);

test.each(named(flaws.filter(({ id }) => !(id in AWAITED))))('%s is found, by its code alone', async (_, flaw) => {
  expect(await codesOn(flaw)).toEqual([meantBy(flaw).code]);
});

test.each(named(flaws.filter(({ id }) => id in AWAITED)))(
  '%s is not found yet: it leaves AWAITED when it is',
  async (_, flaw) => {
    expect(await codesOn(flaw)).not.toContain(meantBy(flaw).code);
  },
);

test('AWAITED names flaws that there are', () => {
  const known = new Set(flaws.map(({ id }) => id));
  expect(Object.keys(AWAITED).filter(id => !known.has(id))).toEqual([]);
});
