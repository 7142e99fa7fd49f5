import { expect, test } from 'vitest';
import { AWAITED } from '../../src/reference/awaited.js';
import type { Flaw } from '../../src/reference/flaw.js';
import { flaws } from '../../src/reference/flaws/index.js';
import { play } from './play.js';

/** The codes of the check that a flaw is there for; without a variant of it, of every one. */
async function codesOn(flaw: Flaw): Promise<readonly string[]> {
  const { check, resource, variant = null } = flaw.exposes;
  const isMeant = (id: string, own: string | null) => id === check && (own === variant || flaw.id in AWAITED);
  const { results, internalErrors } = await play({
    flaw,
    resources: [resource],
    wants: one => isMeant(one.check.id, one.variant) && one.resource.name === resource,
  });
  expect(internalErrors).toEqual([]);
  const own = results.filter(result => isMeant(result.check, result.variant));
  return [...new Set(own.flatMap(({ findings }) => findings.map(finding => finding.code)))];
}

test.each(flaws.filter(({ id }) => !(id in AWAITED)).map(flaw => [flaw.id, flaw] as const))(
  '%s is found, by its code alone',
  async (_, flaw) => expect(await codesOn(flaw)).toEqual([flaw.exposes.code]),
);

test.each(flaws.filter(({ id }) => id in AWAITED).map(flaw => [flaw.id, flaw] as const))(
  '%s is not found yet: it leaves AWAITED when it is',
  async (_, flaw) => expect(await codesOn(flaw)).not.toContain(flaw.exposes.code),
);

test('AWAITED names flaws that there are', () => {
  const known = new Set(flaws.map(({ id }) => id));
  expect(Object.keys(AWAITED).filter(id => !known.has(id))).toEqual([]);
});
