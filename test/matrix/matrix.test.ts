import { expect, test } from 'vitest';
import { flaws } from '../../src/reference/flaws/index.js';
import { styles } from '../../src/reference/styles/registry.js';
import { excuseFor, playCorrect, playFlaw } from './cells.js';
import { MISSES, NO_SENSE } from './expected.js';

// A part of the whole that `npm run matrix` plays: each flaw in one style, each style in its own choices.
const turns = flaws.flatMap((flaw, at) => {
  const style = styles[at % styles.length];
  return style === undefined ? [] : [[flaw.id, style.name, flaw, style] as const];
});

test.each(turns)('%s in the style %s is found, or there is a reason', async (id, name, flaw, style) => {
  const { outcome } = await playFlaw(style, flaw);
  expect(outcome === 'found').toBe(excuseFor(name, id) === null);
});

test.each(styles.map(style => [style.name, style] as const))(
  'a correct API in the style %s passes',
  async (_, style) => {
    const { alarms, open, passes } = await playCorrect(style, {});
    expect([...alarms, ...open]).toEqual([]);
    expect(passes).toBeGreaterThan(100);
  },
);

test('the tables name flaws that there are, each once in a style', () => {
  const known = new Set(flaws.map(({ id }) => id));
  for (const style of ['plain', ...styles.map(({ name }) => name)]) {
    const listed = [NO_SENSE[style], MISSES[style]].flatMap(table => Object.values(table ?? {}).flat());
    expect(listed.filter(id => !known.has(id))).toEqual([]);
    expect(new Set(listed).size).toBe(listed.length);
  }
});
