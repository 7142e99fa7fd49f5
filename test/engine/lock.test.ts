import { expect, test } from 'vitest';
import { createLock, createSlots } from '../../src/engine/lock.js';

test('a gate lets many share, and one be alone, in the order of asking', async () => {
  const lock = createLock();
  const order: string[] = [];
  const first = await lock.enter('shared');
  const second = await lock.enter('shared');
  const alone = lock.enter('alone').then(leave => (order.push('alone'), leave));
  const late = lock.enter('shared').then(leave => (order.push('late'), leave));
  first();
  await Promise.resolve();
  expect(order).toEqual([]);
  second();
  (await alone)();
  (await late)();
  expect(order).toEqual(['alone', 'late']);
});

test('slots are given back once, however often it is said', async () => {
  const slots = createSlots(1);
  const give = await slots.take();
  give();
  give();
  const next = await slots.take();
  let isThird = false;
  const third = slots.take().then(leave => ((isThird = true), leave));
  await Promise.resolve();
  expect(isThird).toBe(false);
  next();
  (await third)();
});
