import { describe, expect, test } from 'vitest';
import { outgoing } from '../../src/core/arrange.js';
import type { Scenario, Tools } from '../../src/core/check.js';
import type { RunEvent } from '../../src/core/events.js';
import { effectsOf, later, send } from '../../src/core/step.js';
import { inconclusive, pass } from '../../src/core/verdict.js';
import { operation, resource } from '../support/subject.js';
import { planned, runOf } from './small-run.js';

const orders = resource();
const { create } = orders;
if (create === null) throw new Error('no create');
const onOrders = (id: string, scenario: Partial<Scenario>, check = {}) =>
  planned({ id, within: orders, scenario, check });
const waitsIn = (events: readonly RunEvent[]) =>
  events.flatMap(event => (event.kind === 'waiting' ? [[event.id, event.ms]] : []));

describe('a wait is told', () => {
  test('with the time that is left of it, and not when there is none', async () => {
    const waiting = onOrders('waits', {
      *probe(tools) {
        const scope = tools.fresh();
        const first = yield* send('first', outgoing(create, scope, { key: tools.key() }));
        yield* later('all of it', 5000);
        yield* later('the rest of it', 8000, first.endAtUs);
        yield* later('nothing of it', 1000, first.endAtUs);
        yield* effectsOf('settled', [
          { round: 0, resource: orders, operation: create, scope, seen: [first], since: null },
        ]);
      },
    });
    const { events, results } = await runOf([waiting]);
    expect(results.map(({ verdict }) => verdict)).toEqual(['pass']);
    expect(waitsIn(events)).toEqual([
      [waiting.id, 5000],
      [waiting.id, 3000],
      // Until a reading has settled.
      [waiting.id, 500],
    ]);
  });

  test('as a back-off when the target asks for one', async () => {
    let answers = 0;
    const busy = onOrders('busy', {
      *probe(tools) {
        yield* send('first', outgoing(create, { ...tools.fresh(), marker: 'busy' }));
      },
    });
    const { events, results } = await runOf([busy], {
      bend: ({ body }) =>
        body?.includes('"busy"') === true && answers++ === 0 ? { status: 503, headers: [['Retry-After', '7']] } : null,
    });
    expect(results.map(({ verdict }) => verdict)).toEqual(['pass']);
    expect(events.filter(({ kind }) => kind === 'backing-off')).toEqual([
      { kind: 'backing-off', ms: 7000, status: 503 },
    ]);
    expect(waitsIn(events)).toEqual([]);
  });
});

test('late ones are planted before the others begin, those that move the clock come last, and reviews see what all left', async () => {
  const order: string[] = [];
  const noting = (id: string): Partial<Scenario> => ({
    *probe(tools) {
      yield* send('first', outgoing(create, tools.fresh()));
      order.push(id);
      yield* later('wait', 5000);
      order.push(`${id} again`);
    },
  });
  const { results, events } = await runOf([
    onOrders('review', { review: ({ results: seen }) => (seen.length === 4 ? pass() : inconclusive('not-observed')) }),
    onOrders('moving', { ...noting('moving'), hooks: ['clock'] }),
    onOrders('quiet', noting('quiet')),
    onOrders('late', noting('late'), { isLate: true }),
    onOrders('later', noting('later'), { isLate: true }),
  ]);
  const startOf = (id: string) =>
    events.findIndex(event => event.kind === 'case-started' && event.id.endsWith(`#${id}`));
  const plantedAt = Math.max(...['late', 'later'].map(id => events.findIndex(event => event.kind === 'waiting' && event.id.endsWith(`#${id}`)))); // prettier-ignore
  // And the others begin beside their waits.
  expect(order.slice(0, 3)).toEqual(['late', 'later', 'quiet']);
  expect(startOf('quiet')).toBeGreaterThan(plantedAt);
  expect(order.slice(-2)).toEqual(['moving', 'moving again']);
  expect(results.map(({ check, verdict }) => [check, verdict])).toEqual(
    ['review', 'moving', 'quiet', 'late', 'later'].map(check => [check, 'pass']),
  );
  expect(events.filter(({ kind }) => kind === 'case-ended')).toHaveLength(5);
});

describe('a case that stands by', () => {
  const keyed = (tools: Tools) => outgoing(create, { ...tools.fresh(), marker: 'busy' }, { key: tools.key() });
  const standing = onOrders('stands', {
    standsBy: 'nothing called it',
    *probe({ turnedAway = [] }) {
      for (const sent of turnedAway) yield* send('again', sent);
    },
  });
  const other = onOrders('other', {
    *probe(tools) {
      yield* send('first', keyed(tools));
    },
  });

  test('is played with what was turned away, as it was sent, when the others are over', async () => {
    let answers = 0;
    const { results, exchanges } = await runOf([standing, other], {
      bend: ({ body }) => (body?.includes('"busy"') === true && answers++ === 0 ? { status: 503 } : null),
    });
    expect(results.map(({ verdict }) => verdict)).toEqual(['pass', 'pass']);
    const refused = exchanges.find(({ response }) => response?.status === 503);
    const again = exchanges.find(({ step }) => step === 'again');
    expect(again?.request).toEqual(refused?.request);
    expect(again?.n).toBeGreaterThan(
      Math.max(...exchanges.filter(({ result }) => result === other.id).map(({ n }) => n)),
    );
  });

  test('does not apply where nothing called it', async () => {
    const { results, events } = await runOf([standing, other]);
    expect(results[0]).toMatchObject({ verdict: 'not-applicable', reason: 'nothing called it', exchanges: [] });
    expect(events.filter(({ kind }) => kind === 'case-ended')).toHaveLength(2);
  });
});

describe('a bug of ours', () => {
  test('costs its own case, and is told with its place and its stack, without secrets', async () => {
    const fault = new Error('met s3cret', { cause: new RangeError('behind s3cret') });
    const { results, internalErrors } = await runOf(
      [
        onOrders('faulty', {
          judge() {
            throw fault;
          },
        }),
        onOrders('sound', {}),
      ],
      { ports: { redact: text => text.replaceAll('s3cret', '***') } },
    );
    expect(results.map(({ verdict, reason }) => [verdict, reason])).toEqual([
      ['inconclusive', 'internal-error'],
      ['pass', null],
    ]);
    expect(internalErrors).toHaveLength(1);
    expect(internalErrors[0]).toMatch(
      /^POST \/orders#faulty: Error: met \*\*\*\n {4}at .*run\.test\.ts[^]*\ncaused by RangeError: behind \*\*\*\n {4}at /,
    );
  });

  test('in a preflight and in a review is told with its place too', async () => {
    const { internalErrors } = await runOf(
      [
        onOrders('any', {}),
        onOrders('review', {
          review() {
            throw new Error('no view');
          },
        }),
      ],
      {
        bend: ({ method }) => {
          if (method === 'POST') throw new Error('no wire');
          return null;
        },
      },
    );
    expect(internalErrors.map(text => text.split('\n')[0])).toEqual([
      'preflight POST /orders: Error: no wire',
      'POST /orders#review: Error: no view',
    ]);
  });

  test('in the clean-up leaves everything named that still stands', async () => {
    const { leftovers, internalErrors } = await runOf([onOrders('any', {})], {
      bend: ({ method }) => {
        if (method === 'DELETE') throw new Error('no wire');
        return null;
      },
    });
    expect(leftovers.length).toBeGreaterThan(0);
    expect(new Set(leftovers.map(({ resource: name, url }) => `${name} ${url}`))).toEqual(new Set(['order http://x']));
    expect(internalErrors.map(text => text.split('\n')[0])).toEqual(['clean-up: Error: no wire']);
  });
});

describe("the run's own requests", () => {
  const reset = operation('POST', '/reset', 'other');
  const seed = operation('POST', '/seed', 'other');
  const sweep = operation('POST', '/sweep', 'other');

  test('go before the first case and after the last', async () => {
    const { sent, results } = await runOf([onOrders('any', {})], { setup: [reset, seed], teardown: [sweep] });
    expect([...sent.slice(0, 2), sent.at(-1)]).toEqual(['POST /reset', 'POST /seed', 'POST /sweep']);
    expect(results.map(({ verdict }) => verdict)).toEqual(['pass']);
  });

  test('where the first does not succeed nothing else is tried but to tear down', async () => {
    const { sent, results } = await runOf([onOrders('any', {})], {
      setup: [reset, seed],
      teardown: [sweep],
      bend: ({ path }) => (path === '/reset' ? { status: 500 } : null),
    });
    expect(sent).toEqual(['POST /reset', 'POST /sweep']);
    expect(results.map(({ reason, reasonArgs }) => [reason, reasonArgs])).toEqual([
      ['setup-request-failed', { operation: 'POST /reset', status: 500 }],
    ]);
  });
});
