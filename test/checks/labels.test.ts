import { describe, expect, it } from 'vitest';
import { defineCheck, defineScenario, type CheckMeta, type Subject } from '../../src/core/check.js';
import {
  allOf,
  exchangeOf,
  exchangesOf,
  lastOf,
  readingOf,
  readingsOf,
  roundsOf,
  type Evidence,
} from '../../src/core/evidence.js';
import type { Outgoing } from '../../src/core/resource.js';
import { effectsOf, later, send, together, watched, type Probe } from '../../src/core/step.js';
import { pass, type Verdict } from '../../src/core/verdict.js';
import { rounds } from '../../src/checks/lib/racing/racing.js';
import { evidence, reading } from '../support/evidence.js';
import { createCanned } from '../support/exchange.js';

declare const request: Outgoing;

const canned = createCanned();

const meta: Omit<CheckMeta, 'messages' | 'notes' | 'isolation' | 'isLate' | 'variants'> & {
  readonly messages: Readonly<Record<'odd', string>>;
} = {
  id: 'some-check',
  group: 'keys',
  title: '',
  severity: 'low',
  basis: 'must',
  refs: [],
  sends: '',
  judges: '',
  expected: '',
  why: '',
  fix: '',
  guards: [],
  messages: { odd: '' },
};

/** Stands for a helper of a judge that looks at two steps. */
function ofBoth(seen: Evidence<'first' | 'repeat'>): Verdict<never, never> {
  return exchangeOf(seen, 'first') === exchangeOf(seen, 'repeat') ? pass() : pass();
}

function* twice(): Probe<void, 'first' | 'repeat'> {
  yield* send('first', request);
  yield* send('repeat', request);
}

// What follows is for the compiler: a line that must not compile is marked, and one that does then is an error.
describe('a step label that the probe never sends does not compile', () => {
  it('in a judge and in what it calls', () => {
    defineCheck({
      ...meta,
      select: (subject: Subject) => subject,
      *probe() {
        yield* twice();
        yield* later('pause', 1);
        yield* effectsOf('after', []);
      },
      judge(_, seen) {
        exchangesOf(seen, 'first', 'repeat');
        readingOf(seen, 'after');
        // @ts-expect-error -- a misspelt label
        exchangeOf(seen, 'frist');
        // @ts-expect-error -- misspelt, one of several
        exchangesOf(seen, 'first', 'repaet');
        // @ts-expect-error -- a wait leaves nothing to be judged
        exchangeOf(seen, 'pause');
        return ofBoth(seen);
      },
      observe(_, seen) {
        // @ts-expect-error -- a misspelt label
        lastOf(seen, 'repaet');
        return [];
      },
    });
    expect(ofBoth(evidence([]))).toEqual(pass());
  });

  it('where a helper wants steps that are not played', () => {
    defineScenario({
      *probe() {
        yield* send('first', request);
      },
      // @ts-expect-error -- there is no `repeat`
      judge: seen => ofBoth(seen),
    });
    expect(allOf(evidence([canned.answered('first', 201)]), 'first')).toHaveLength(1);
  });

  it('in a race, and in what counts it', () => {
    defineScenario({
      *probe(tools) {
        yield* rounds(tools, function* (round) {
          yield* together('race', [request], { round });
          return { counted: null };
        });
        yield* watched('stored', request, '');
      },
      judge(seen) {
        roundsOf(seen, 'race');
        readingsOf(seen, 'settled');
        readingsOf(seen, 'stored pending');
        // @ts-expect-error -- a misspelt label
        roundsOf(seen, 'rase');
        return pass();
      },
    });
    expect(roundsOf(evidence([]), 'race')).toEqual([]);
  });

  it('where a label is made while the case is played', () => {
    defineScenario({
      *probe() {
        yield* send(`look ${1 + 1}`, request);
      },
      judge(seen) {
        exchangeOf(seen, 'look 2');
        // @ts-expect-error -- not of that form
        exchangeOf(seen, 'look for');
        return pass();
      },
    });
    expect(exchangeOf(evidence([]), 'look 2')).toBeUndefined();
  });

  it('nor does any where the probe has a label of which nothing is known', () => {
    defineScenario({
      *probe() {
        yield* twice();
        yield* send(String(1), request);
      },
      judge(seen) {
        // @ts-expect-error -- the probe hides its labels
        exchangeOf(seen, 'first');
        // @ts-expect-error -- hidden as above
        return ofBoth(seen);
      },
    });
    expect(lastOf(evidence([]), 'first')).toBeUndefined();
  });
});

describe('what a judge asks for', () => {
  const seen = evidence(
    [
      canned.answered('a', 200, { n: 1 }),
      canned.answered('b', 200, { n: 2 }),
      canned.answered('a', 200, { n: 3, round: 1 }),
      canned.answered('a', 200, { n: 4, round: 1 }),
    ],
    [reading('after', 1), reading('after', 2), reading('after', 3, { round: 1 })],
  );

  it('is the first exchange of a step, the last, or all', () => {
    expect(exchangeOf(seen, 'a')?.n).toBe(1);
    expect(lastOf(seen, 'a')?.n).toBe(4);
    expect(allOf(seen, 'a').map(({ n }) => n)).toEqual([1, 3, 4]);
    expect(exchangesOf(seen, 'b', 'a').map(one => one?.n)).toEqual([2, 1]);
  });

  it('of one round, where one is named', () => {
    expect(exchangeOf(seen, 'a', 1)?.n).toBe(3);
    expect(exchangeOf(seen, 'b', 1)).toBeUndefined();
    expect(allOf(seen, 'a', 0).map(({ n }) => n)).toEqual([1]);
    expect(readingOf(seen, 'after', 0)?.count).toBe(2);
  });

  it('is the last reading of a step', () => {
    expect(readingOf(seen, 'after')?.count).toBe(3);
    expect(readingsOf(seen, 'after').map(({ count }) => count)).toEqual([1, 2, 3]);
    expect(readingOf(seen, 'before')).toBeUndefined();
  });
});
