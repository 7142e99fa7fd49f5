import { expect, test } from 'vitest';
import { flaws } from '../../src/reference/flaws/index.js';
import { judgedAgain, reportText } from './judged-again.js';
import { play } from './play.js';

test.each(flaws.map(flaw => [flaw.id, flaw] as const))('%s is found, by its code alone', async (_, flaw) => {
  const { check, code, resource, variant = null } = flaw.exposes;
  const outcome = await play({
    flaw,
    resources: [resource],
    wants: one => one.check.id === check && one.variant === variant && one.resource.name === resource,
  });
  const own = outcome.results.filter(result => result.check === check && result.variant === variant);
  const codes = own.flatMap(({ findings }) => findings.map(finding => finding.code));
  expect(outcome.internalErrors).toEqual([]);
  expect([...new Set(codes)]).toEqual([code]);
  expect(judgedAgain(reportText(outcome))).toEqual(outcome.results);
});
