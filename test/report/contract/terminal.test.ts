import { expect, it } from 'vitest';
import { context, outcome, result } from '../../../fixtures/reports/canned-outcome.js';
import type { Resemblance } from '../../../src/core/observed-contract.js';
import type { Trait, TraitName, TraitValue } from '../../../src/core/trait.js';
import { buildReport } from '../../../src/report/build.js';
import { renderTerminal } from '../../../src/report/terminal/terminal.js';

const shown = (operation: string, traits: Readonly<Partial<Record<TraitName, TraitValue>>>) =>
  result(operation, 'key-missing', {
    traits: Object.entries(traits).map(([name, value]): Trait => ({ name: name as TraitName, value, exchanges: [1] })),
  });

/** The block of the observed contract as one line of text; empty where there is none. */
function described(results: readonly ReturnType<typeof shown>[], resembles: readonly Resemblance[]): string {
  const contract = { recorded: null, resembling: () => resembles };
  const report = buildReport(outcome({ results }), context({ contract }));
  const text = renderTerminal(report, { colour: 0, width: 100, verbose: false, quiet: false });
  const block = text.split('\n\n').find(part => part.startsWith('Observed contract'));
  return (block ?? '').replaceAll(/\s+/g, ' ');
}

const like = (name: string, kind: 'profile' | 'library', against: readonly TraitName[] = []): Resemblance => ({
  name,
  kind,
  agrees: ['key', 'inflight', 'mismatch'],
  contradicts: against,
});

it('says what holds everywhere, then what differs, by operation', () => {
  const results = [
    shown('POST /orders', { inflight: ['waits'], mismatch: [422], lifetime: { atLeast: 8, below: null } }),
    shown('POST /accounts', { inflight: ['waits'], mismatch: [409] }),
  ];
  expect(described(results, [])).toBe(
    'Observed contract A request that meets its first one in flight waits for the answer; keys last at least 8 s.' +
      ' POST /orders: another payload under a used key is refused with 422.' +
      ' POST /accounts: another payload under a used key is refused with 409.',
  );
});

it.each([
  ['nothing', [], ''],
  [
    'one',
    [like('stripe-v1', 'profile', ['marker'])],
    ' Resembles the profile stripe-v1: 3 traits agree (key, inflight and mismatch), marker contradicts it.',
  ],
  [
    'two alike',
    [like('ietf-strict', 'profile'), like('idempo', 'library')],
    ' Resembles the profile ietf-strict and the library idempo alike: 3 traits agree (key, inflight and mismatch), nothing contradicts.',
  ],
  [
    'two that are alike in different traits',
    [like('ietf-strict', 'profile'), { ...like('idempo', 'library'), agrees: ['key', 'errors', 'marker'] as const }],
    ' Resembles the profile ietf-strict and the library idempo alike: of ietf-strict 3 traits agree (key, inflight and mismatch), nothing contradicts; of idempo 3 traits agree (key, errors and marker), nothing contradicts.',
  ],
])('says what it is like: %s', (_, resembles, expected) => {
  expect(described([shown('POST /orders', { missing: ['accepted'] })], resembles)).toBe(
    `Observed contract A request without a key is accepted.${expected}`,
  );
});

it('says nothing where nothing was seen', () => {
  expect(described([shown('POST /orders', {})], [])).toBe('');
});
