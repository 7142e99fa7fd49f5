import { expect, test } from 'vitest';
import type { Result } from '../../src/core/report.js';
import { styles } from '../../src/reference/styles/registry.js';
import { ALONE } from './alone.js';
import { play } from './play.js';

/** `operation#check` with the names of path parameters left out, and its verdict. */
function verdictsOf(results: readonly Result[]): ReadonlyMap<string, string> {
  // The tags of an order are a resource of the hand-written spec alone, at the same paths as orders; an operation that
  // is polled is known to the document alone.
  const apart = ['tags', 'operation'];
  const own = results.filter(({ check, resource }) => !check.startsWith('doc-') && !apart.includes(resource));
  return new Map(own.map(({ id, verdict }) => [id.replaceAll(/\{[^{}]*\}/g, '{}'), verdict]));
}

test.each(styles.map(style => [style.name, style] as const))(
  'with nothing but its document, %s',
  async (name, style) => {
    const [alone, hand] = [await play({ style, from: 'document' }), await play({ style })];
    const [found, wanted] = [verdictsOf(alone.results), verdictsOf(hand.results)];
    const ids = [...new Set([...found.keys(), ...wanted.keys()])].toSorted();
    const different = ids.filter(id => found.get(id) !== wanted.get(id));
    const described = different.map(id => `${id}: ${wanted.get(id) ?? 'absent'} -> ${found.get(id) ?? 'absent'}`);
    expect(described).toEqual(
      Object.values(ALONE[name] ?? {})
        .flat()
        .toSorted(),
    );
    expect([...found.values()].filter(verdict => verdict === 'fail' || verdict === 'warn')).toEqual([]);
  },
);
