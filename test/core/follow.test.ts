import { describe, expect, test } from 'vitest';
import { followed, type Outcome } from '../../src/core/follow.js';
import type { Exchange, HeaderLine } from '../../src/core/http.js';
import { createCanned } from '../support/exchange.js';
import { resource } from '../support/subject.js';

const { answered } = createCanned();
const of = resource();
const { create } = of;
if (create === null) throw new Error('no create');
const scope = { marker: 'm', uuid: 'u', int: 1, now: 'n', values: {} };

interface Said {
  readonly status?: number;
  readonly body?: object | string;
  readonly headers?: readonly HeaderLine[];
}

/** Follows an answer; each look is given the next of `looks`, the last one again and again. */
function follow(answer: Exchange, looks: readonly Said[]) {
  const asked: string[] = [];
  const waits: number[] = [];
  const probe = followed({ resource: of, create: create ?? answerless(), scope }, answer);
  let nowUs = answer.endAtUs;
  let turn = probe.next();
  while (turn.done !== true) {
    const step = turn.value;
    if (step.kind === 'later') {
      waits.push(step.ms);
      nowUs = Math.max(nowUs, (step.sinceUs ?? nowUs) + step.ms * 1000);
      turn = probe.next({ exchanges: [], readings: [], nowUs });
      continue;
    }
    if (step.kind !== 'send') throw new Error(step.kind);
    const { status = 200, body = {}, headers = [] } = looks[Math.min(asked.length, looks.length - 1)] ?? {};
    asked.push(step.outgoing.request.path.replace('http://127.0.0.1', ''));
    const one = { ...answered('look', status, { body, headers }), endAtUs: nowUs };
    turn = probe.next({ exchanges: [one], readings: [], nowUs });
  }
  const outcome: Outcome = turn.value;
  return { asked, waits, id: outcome.id, isFollowed: outcome.endAtUs > answer.endAtUs, shows: outcome.shown.step };
}

function answerless(): never {
  throw new Error('no create');
}

const LINK: HeaderLine = ['Operation-Location', '/operations/9'];
const accepted = (body: object | string, ...headers: readonly HeaderLine[]) =>
  answered('create', 202, { body, headers });
const running = { id: '9', status: 'running' };

describe('a create that was accepted', () => {
  test('is followed by the link to its operation to the record that a link in it names', () => {
    const looks = [{ body: running }, { body: { ...running, status: 'succeeded', resource: '/orders/7' } }, { body: { id: '7' } }]; // prettier-ignore
    expect(follow(accepted(running, LINK), looks)).toMatchObject({
      asked: ['/operations/9', '/operations/9', '/orders/7'],
      id: '7',
      isFollowed: true,
      shows: 'look',
    });
  });

  test.each<[string, Said]>([
    ['the result in its body', { body: { name: 'operations/9', done: true, response: { id: '7' } } }],
    ['a redirect', { status: 303, headers: [['Location', '/orders/7']] }],
  ])('leads to its record by %s', (_, end) => {
    const { id, asked } = follow(accepted(running, LINK), [end, { body: { id: '7' } }]);
    expect([id, asked.at(-1)]).toEqual(['7', '/orders/7']);
  });

  test('without an operation is followed by its record, until that is there and done', () => {
    const answer = accepted({ id: '7', state: 'pending' }, ['Location', '/orders/7']);
    const looks = [{ status: 404 }, { body: { id: '7', state: 'pending' } }, { body: { id: '7', state: 'active' } }];
    expect(follow(answer, looks)).toMatchObject({
      asked: ['/orders/7', '/orders/7', '/orders/7'],
      id: '7',
      isFollowed: true,
      shows: 'create',
    });
  });

  test('is asked for when Retry-After says', () => {
    const later = (seconds: string): HeaderLine => ['Retry-After', seconds];
    const looks: readonly Said[] = [
      { status: 503, headers: [later('3')] },
      { body: { status: 'done', resource: '/orders/7' } },
    ];
    expect(follow(accepted(running, LINK, later('1')), looks).waits.slice(0, 2)).toEqual([1000, 3000]);
    expect(follow(accepted(running, LINK, later('600')), looks).waits[0]).toBe(10_000);
  });

  test('is given up when its time is over, or it failed', () => {
    const { waits, isFollowed } = follow(accepted(running, LINK), [{ body: running }]);
    expect(isFollowed).toBe(false);
    expect(waits.reduce((sum, ms) => sum + ms, 0)).toBeLessThan(32_000);
    const failed = follow(accepted(running, LINK), [{ body: { status: 'failed' } }]);
    expect([failed.isFollowed, failed.asked]).toEqual([false, ['/operations/9']]);
  });

  test.each<[string, Exchange]>([
    ['another server', accepted(running, ['Operation-Location', 'https://elsewhere.test/operations/9'])],
    ['nowhere', accepted('')],
  ])('is not followed to %s', (_, answer) => {
    expect(follow(answer, [{}]).asked.filter(path => path.includes('operations'))).toEqual([]);
  });
});

test.each<[string, number]>([
  ['made', 201],
  ['refused', 409],
])('a create that was %s is not followed, whatever its record says', (_, status) => {
  const answer = answered('create', status, { body: { id: '7', status: 'pending' } });
  expect(follow(answer, [{}])).toMatchObject({ asked: [], id: null, isFollowed: false });
});
