import { afterAll, expect, test } from 'vitest';
import { checks } from '../../src/checks/registry.js';
import type { Result } from '../../src/core/report.js';
import { DEFAULT_CHOICES, type Choices } from '../../src/reference/choices.js';
import { play, described, type Played } from './play.js';
import type { Exception } from './exception.js';
import { exceptionFor, EXCEPTIONS, VARIANTS } from './variants.js';

const met = new Set<Exception>();

afterAll(() => {
  expect(EXCEPTIONS.filter(exception => exception.isByChance !== true && !met.has(exception))).toEqual([]);
});

/** Choices that an order made by PUT does not meet: it takes no key. */
const OF_KEYS: ReadonlySet<string> = new Set([
  'inflight',
  'inflightStatus',
  'mismatchStatus',
  'replayStatus',
  'replayMarker',
  'keyRequired',
  'keyIn',
  'ttlSeconds',
]);

/** Everything said of a correct API; orders made by PUT apart, since they share a collection with the others. */
async function results(played: Played): Promise<readonly Result[]> {
  const outcomes = [await play(played)];
  const choices = Object.keys(played.choices ?? {});
  const isOfKeys = choices.length > 0 && choices.every(name => OF_KEYS.has(name));
  if (!isOfKeys) outcomes.push(await play({ ...played, resources: [], clientIds: true }));
  expect(outcomes.flatMap(({ internalErrors }) => internalErrors)).toEqual([]);
  return outcomes.flatMap(outcome => outcome.results);
}

/** What should not have been said. */
function alarms(choices: Partial<Choices>, said: readonly Result[]): readonly string[] {
  const odd = said.filter(({ verdict }) => verdict !== 'pass' && verdict !== 'not-applicable');
  return odd.filter(result => !isExcepted(choices, result)).map(described);
}

function isExcepted(choices: Partial<Choices>, result: Result): boolean {
  const exception = exceptionFor(choices, result);
  if (exception !== undefined) met.add(exception);
  return exception !== undefined;
}

test.each(VARIANTS.map(choices => [JSON.stringify(choices), choices] as const))(
  'a correct API of the choice %s passes',
  async (_, choices) => {
    const said = await results({ choices });
    expect(alarms(choices, said)).toEqual([]);
    expect(said.filter(({ verdict }) => verdict === 'pass').length).toBeGreaterThan(0);
  },
);

test('every check is at home somewhere: it passes on the API of nobody’s choice', async () => {
  const said = [...(await results({})), ...(await results({ choices: { callers: 'tenants' } }))];
  const passed = new Set(said.filter(({ verdict }) => verdict === 'pass').map(({ check }) => check));
  // What is said of documents needs one; test/e2e holds it.
  const sending = checks.filter(({ group }) => group !== 'docs');
  expect(sending.map(({ id }) => id).filter(id => !passed.has(id))).toEqual([]);
});

test('a run that keeps to the pace of a limited API passes as on any other', async () => {
  const choices = { rateLimit: 200 };
  const said = await results({ choices, rate: { requests: 90, perMs: 1000 } });
  expect(
    alarms(
      choices,
      said.filter(({ reason }) => reason !== 'rate-limited'),
    ),
  ).toEqual([]);
  expect(said.filter(({ reason }) => reason === 'rate-limited').map(described)).toEqual([]);
});

test('every choice is tried', () => {
  const tried = new Set(VARIANTS.flatMap(choices => Object.keys(choices)));
  // An API without a choice in it: a missing key is 400 in any case.
  expect(Object.keys(DEFAULT_CHOICES).filter(name => !tried.has(name))).toEqual(['missingStatus']);
});
