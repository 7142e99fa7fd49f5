import { expect, test } from 'vitest';
import { createPlaces, type Isolation, type Places } from '../../src/engine/places.js';
import { resource } from '../support/subject.js';

const order = resource();
const note = resource({ name: 'note', parents: [order] });

/** Places whose sleepers wake when they are told to. */
function createBench(workers = 8) {
  const sleepers: (() => void)[] = [];
  const slept: number[] = [];
  const places = createPlaces([order, note], workers, ms => {
    slept.push(ms);
    return new Promise(resolve => void sleepers.push(resolve));
  });
  return { places, slept, wake: () => sleepers.splice(0).forEach(wake => wake()) };
}

/** Asks for a place and notes whether it was given. */
function asking(places: Places, isolation: Isolation, on = order) {
  const asked = { isIn: false, stay: places.enter(on, isolation) };
  void asked.stay.then(() => (asked.isIn = true));
  return asked;
}

/** Lets everything run that can. */
const settled = () => new Promise(resolve => setImmediate(resolve));

test('on a resource there are many, or one alone, whatever goes on below it', async () => {
  const { places } = createBench();
  const [shared, below, alone, late] = [
    asking(places, 'shared'),
    asking(places, 'alone', note),
    asking(places, 'alone'),
    asking(places, 'shared'),
  ];
  await settled();
  expect([shared, below, alone, late].map(({ isIn }) => isIn)).toEqual([true, true, false, false]);
  (await shared.stay).leave();
  await settled();
  // What is below shares what is above.
  expect(alone.isIn).toBe(false);
  (await below.stay).leave();
  await settled();
  expect([alone.isIn, late.isIn]).toEqual([true, false]);
  (await alone.stay).leave();
  await late.stay;
});

test('one that touches nobody passes those that are alone, and takes a slot all the same', async () => {
  const { places } = createBench(2);
  await places.enter(order, 'alone');
  const [apart, third] = [asking(places, 'none'), asking(places, 'none')];
  await settled();
  expect([apart, third].map(({ isIn }) => isIn)).toEqual([true, false]);
  (await apart.stay).leave();
  await third.stay;
});

test('who waits gives slot and resource to others, and comes back when both are free', async () => {
  const { places, slept, wake } = createBench(1);
  const first = asking(places, 'shared');
  const alone = asking(places, 'alone');
  let isBack = false;
  const away = (await first.stay).whileAway(1500).then(() => (isBack = true));
  await settled();
  expect([slept, alone.isIn]).toEqual([[1500], true]);
  wake();
  await settled();
  expect(isBack).toBe(false);
  (await alone.stay).leave();
  await away;
});

test('who is alone keeps the resource while it waits, and gives its slot', async () => {
  const { places, wake } = createBench(1);
  const stay = await places.enter(order, 'alone');
  const [shared, elsewhere] = [asking(places, 'shared'), asking(places, 'none')];
  const away = stay.whileAway(1500);
  await settled();
  expect([shared.isIn, elsewhere.isIn]).toEqual([false, true]);
  (await elsewhere.stay).leave();
  wake();
  await away;
  stay.leave();
  await shared.stay;
  // Said twice, it gives nobody else's slot away.
  stay.leave();
  const late = asking(places, 'none');
  await settled();
  expect(late.isIn).toBe(false);
});
