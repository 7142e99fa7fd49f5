import { writeFileSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import { AWAITED } from '../../src/reference/awaited.js';
import { flaws } from '../../src/reference/flaws/index.js';
import { excuseFor, playCorrect, playFlaw, STYLES, variantsOf, type CorrectCell, type FlawCell } from './cells.js';
import { VARIANTS } from '../catalogue/variants.js';
import { matrixPage, matrixTable, type Crossed, type StyleRow } from './page.js';

const found = flaws.filter(({ id }) => !(id in AWAITED));
const rows: StyleRow[] = [];
const crossed: Crossed[] = [];

for (const [name, style] of STYLES) {
  test(name, { timeout: 1_800_000 }, async () => {
    const cells: FlawCell[] = [];
    for (const flaw of flaws) cells.push(await playFlaw(style, flaw));
    const correct: CorrectCell[] = [];
    for (const choices of variantsOf(style)) correct.push(await playCorrect(style, choices));
    rows.push({ name, title: style?.title ?? 'REST as it is usual', cells, correct });
    const unexplained = cells.filter(({ flaw, outcome }) => outcome !== 'found' && excuseFor(name, flaw) === null);
    const stale = cells.filter(({ flaw, outcome }) => outcome === 'found' && excuseFor(name, flaw) !== null);
    expect(
      correct.flatMap(({ choices, alarms }) => alarms.map(alarm => `${JSON.stringify(choices)} ${alarm}`)),
    ).toEqual([]);
    expect(unexplained).toEqual([]);
    expect(stale.map(({ flaw }) => flaw)).toEqual([]);
  });
}

test('every flaw beside every legal choice', { timeout: 1_800_000 }, async () => {
  for (const flaw of found) {
    for (const choice of VARIANTS) crossed.push({ choice, ...(await playFlaw(null, flaw, choice)) });
  }
  expect(crossed.filter(({ outcome }) => outcome === 'not described')).toEqual([]);
});

afterAll(() => {
  console.log(matrixTable(rows));
  if (rows.length === STYLES.size && crossed.length === found.length * VARIANTS.length) {
    const today = new Date().toISOString().slice(0, 10);
    writeFileSync(new URL('../../docs/matrix.md', import.meta.url), matrixPage(rows, crossed, today));
  }
});
