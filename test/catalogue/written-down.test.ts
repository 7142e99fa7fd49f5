import { expect, test } from 'vitest';
import type { Scenario } from '../../src/core/check.js';
import { fail, inconclusive, pass } from '../../src/core/verdict.js';
import { found } from '../../src/checks/lib/judging/found.js';
import { evidence } from '../support/evidence.js';
import { createCanned } from '../support/exchange.js';
import { play } from './play.js';
import { writtenDown } from './written-down.js';

const canned = createCanned();
const seen = evidence([canned.answered('first', 201)]);

function scenarioWith(parts: Partial<Scenario>): Scenario {
  return { hooks: [], *probe() {}, judge: () => pass(), ...parts };
}

test('a verdict that holds on what is more than data is told', () => {
  const known = new Set<object>(seen.exchanges);
  const judge: Scenario['judge'] = ({ exchanges }) =>
    exchanges.every(one => known.has(one)) ? pass() : inconclusive('no-effect');
  expect(() => writtenDown(scenarioWith({ judge })).judge(seen)).toThrow('the verdict of what was written down');
  const observe: Scenario['observe'] = ({ exchanges: [first] }) =>
    first !== undefined && known.has(first) ? [{ name: 'missing', value: [201], exchanges: [first.n] }] : [];
  expect(() => writtenDown(scenarioWith({ observe })).observe?.(seen, pass())).toThrow('the traits');
});

test('any other is as it was', () => {
  const verdict = found(fail('odd', { status: 201 }, seen.exchanges));
  expect(writtenDown(scenarioWith({ judge: () => verdict })).judge(seen)).toBe(verdict);
});

test('every case of the catalogue is judged from what was written down as well', async () => {
  const judged = new Set<string>();
  const outcome = await play({ resources: ['order'], onWrittenDown: id => judged.add(id) });
  expect(outcome.internalErrors).toEqual([]);
  const sent = outcome.results.filter(
    ({ check, verdict }) => !check.startsWith('doc-') && verdict !== 'not-applicable',
  );
  expect(sent.map(({ id }) => id).filter(id => !judged.has(id))).toEqual([]);
});
