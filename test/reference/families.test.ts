import { expect, test } from 'vitest';
import { checks } from '../../src/checks/registry.js';
import { conditionalFlaws } from '../../src/reference/families/conditional.js';
import { deleteFlaws } from '../../src/reference/families/delete.js';
import { duplicateFlaws } from '../../src/reference/families/duplicates.js';
import { keyFlaws } from '../../src/reference/families/keys.js';
import { lifetimeFlaws } from '../../src/reference/families/lifetime.js';
import { patchFlaws } from '../../src/reference/families/patch.js';
import { putFlaws } from '../../src/reference/families/put.js';
import { safeFlaws } from '../../src/reference/families/safe.js';
import { scopeFlaws } from '../../src/reference/families/scope.js';

const groups = new Map(checks.map(({ id, group }) => [id, group]));

test.each([
  ['keys', keyFlaws],
  ['duplicates', duplicateFlaws],
  ['put', putFlaws],
  ['patch', patchFlaws],
  ['conditional', conditionalFlaws],
  ['delete', deleteFlaws],
  ['safe', safeFlaws],
  ['lifetime', lifetimeFlaws],
  ['scope', scopeFlaws],
])('a flaw of the family %s is found by a check of that group', (group, family) => {
  expect(family.map(({ id, exposes }) => [id, groups.get(exposes.check)])).toEqual(family.map(({ id }) => [id, group]));
});
