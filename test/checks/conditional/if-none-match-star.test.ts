import { describe, expect, it } from 'vitest';
import { ifNoneMatchStar as check } from '../../../src/checks/conditional/if-none-match-star.js';
import { roundsOf } from '../../../src/core/evidence.js';
import { isSkip } from '../../../src/core/check.js';
import { header, type Exchange, type HeaderLine } from '../../../src/core/http.js';
import type { Documented } from '../../../src/core/operation.js';
import type { Resource } from '../../../src/core/resource.js';
import { drive, type Reply, type Server } from '../../support/drive.js';
import { evidence } from '../../support/evidence.js';
import { createCanned } from '../../support/exchange.js';
import { outcome } from '../../support/outcome.js';
import { keyless, operation, resource, scenarioOf, subject } from '../../support/subject.js';

const { answered, lost } = createCanned();
const ownId: Resource['id'] = { ...resource().id, chosenBy: 'client', from: ({ uuid }) => uuid };
const put = operation('PUT', '/labels/{id}', 'create', { contract: keyless });
const read = operation('GET', '/labels/{id}', 'read');
const label = resource({ create: put, replace: null, read, id: ownId });
const on = subject(put, label);

const STRONG: readonly HeaderLine[] = [['ETag', '"1"']];
const WEAK: readonly HeaderLine[] = [['ETag', 'W/"1"']];

const alone = (repeat: number, headers = STRONG, [first, other]: readonly [number, number] = [201, 201]) => [
  answered('first', first, { method: 'PUT' }),
  answered('other', other, { method: 'PUT' }),
  answered('stored', 200, { headers }),
  answered('repeat', repeat, { method: 'PUT' }),
];

/** A round at once, or one after the other; every lane says something else unless bodies are given. */
function round(
  at: number,
  statuses: readonly (number | null)[],
  { apart = 0, body = String }: { readonly apart?: number; readonly body?: (lane: number) => string } = {},
): Exchange[] {
  return statuses.map((status, lane) => {
    const [from, to] = [lane * apart, lane * apart + 500];
    const shape = {
      method: 'PUT' as const,
      round: at,
      lane,
      sync: 'barrier' as const,
      from,
      to,
      requestBody: body(lane),
    };
    return status === null ? lost('race', 'reset', shape) : answered('race', status, shape);
  });
}

const table: readonly (readonly [name: string, exchanges: readonly Exchange[], expected: string])[] = [
  ['one creates', [...alone(412), ...round(0, [201, 412, 412])], 'pass +race-power'],
  ['losers refused otherwise', [...alone(412), ...round(0, [412, 201, 409])], 'pass +race-power'],
  ['one body in every lane', [...alone(412), ...round(0, [201, 200], { body: () => 'x' })], 'pass +race-power'],
  ['without tags', [...alone(412, []), ...round(0, [201, 412])], 'pass +race-power'],
  ['the second is accepted', alone(200), 'fail second-accepted'],
  ['the second creates', alone(201), 'fail second-accepted'],
  ['the second is accepted, weak tags', alone(200, WEAK), 'warn second-accepted'],
  ['the second is accepted, no tags', alone(204, []), 'warn second-accepted'],
  ['the second is accepted for later', alone(202), 'inconclusive still-pending'],
  ['the second is refused with 409', [...alone(409), ...round(0, [201, 409])], 'warn refused-otherwise'],
  ['the second is refused with 409, two win', [...alone(409), ...round(0, [201, 201])], 'fail several-winners'],
  ['the second crashes', alone(500), 'fail crashed?'],
  ['the second is redirected', alone(303), 'inconclusive control-failed'],
  ['the second meets a 503', alone(503), 'inconclusive unavailable'],
  ['two win', [...alone(412), ...round(0, [201, 201])], 'fail several-winners'],
  ['two win, one after the other', [...alone(412), ...round(0, [201, 200], { apart: 900 })], 'fail several-winners'],
  ['two win, weak tags', [...alone(412, WEAK), ...round(0, [201, 201])], 'warn several-winners'],
  [
    'two win in a later round',
    [...alone(412), ...round(0, [201, 412]), ...round(1, [201, 200])],
    'fail several-winners',
  ],
  ['two are accepted for later', [...alone(412), ...round(0, [202, 202])], 'inconclusive no-effect'],
  ['one crash', [...alone(412), ...round(0, [201, 500])], 'fail crashed?'],
  ['two crashes', [...alone(412), ...round(0, [201, 500]), ...round(1, [500, 201])], 'fail crashed'],
  ['nobody wins', [...alone(412), ...round(0, [412, 412])], 'inconclusive no-effect'],
  ['no overlap', [...alone(412), ...round(0, [201, 412], { apart: 900 })], 'inconclusive no-overlap'],
  ['a 429', [...alone(412), ...round(0, [201, 429])], 'inconclusive rate-limited'],
  ['a lost answer', [...alone(412), ...round(0, [201, null])], 'inconclusive lost-answers'],
  ['no round', alone(412), 'inconclusive no-overlap'],
  ['PUT does not create', alone(412, [], [404, 404]), 'inconclusive first-refused'],
  ['the other body is refused', alone(412, [], [201, 422]), 'inconclusive first-refused'],
  ['a first one with 503', alone(412, [], [503, 201]), 'inconclusive unavailable'],
  ['no second', alone(412).slice(0, 3), 'inconclusive lost-answers'],
  ['nothing sent', [], 'inconclusive lost-answers'],
];

/** Labels in memory that keep to If-None-Match, unless bent. */
function createLabels(isBent: (request: { readonly isMet: boolean }) => boolean = () => false): Server {
  const labels = new Map<string, string>();
  let moment = -1;
  return {
    handle(request, nowUs): Reply {
      const stored = labels.get(request.path);
      if (request.method === 'GET') {
        return stored === undefined ? { status: 404 } : { status: 200, body: stored, headers: STRONG };
      }
      const isMet = nowUs === moment;
      moment = nowUs;
      const isRefused = stored !== undefined && header(request, 'if-none-match') === '*';
      if (isRefused && !isBent({ isMet })) return { status: 412 };
      labels.set(request.path, request.body ?? '');
      return { status: stored === undefined ? 201 : 200, body: { id: request.path } };
    },
    count: () => labels.size,
  };
}

describe('if-none-match-star', () => {
  it.each(table)('%s', (_, exchanges, expected) => {
    expect(outcome(scenarioOf(check, on).judge(evidence(exchanges)))).toBe(expected);
  });

  it.each([
    ['If-None-Match', ['if-none-match'], 'fail second-accepted'],
    ['nothing', [], 'warn second-accepted'],
  ])('without tags fails where the document names %s', (_, requestHeaders, expected) => {
    const documented: Documented = { statuses: ['201'], requestHeaders, responseHeaders: [] };
    const described = operation('PUT', '/labels/{id}', 'create', { contract: keyless, documented });
    const scenario = scenarioOf(check, subject(described, label));
    expect(outcome(scenario.judge(evidence(alone(200, []))))).toBe(expected);
  });

  it.each([
    ['that is correct', createLabels(), 'pass +race-power', 3],
    ['that ignores it', createLabels(() => true), 'fail second-accepted', 0],
    ['that looks first', createLabels(({ isMet }) => isMet), 'fail several-winners', 1],
  ] as const)('on a server %s', (_, server, expected, played) => {
    const { verdict, evidence: seen } = drive(scenarioOf(check, on), server);
    expect(outcome(verdict)).toBe(expected);
    expect(roundsOf(seen, 'race')).toHaveLength(played);
  });

  it('sends If-None-Match: * with every PUT, and a body of its own in every lane', () => {
    const { exchanges, evidence: seen } = drive(scenarioOf(check, on), createLabels());
    const puts = exchanges.filter(({ request }) => request.method === 'PUT');
    expect(puts.every(({ request }) => header(request, 'if-none-match') === '*')).toBe(true);
    expect(roundsOf(seen, 'race').map(race => new Set(race.map(({ request }) => request.body)).size)).toEqual([
      2, 4, 4,
    ]);
  });

  it.each([
    ['a POST', resource().create, resource()],
    ['nothing says that PUT creates', resource().replace, resource()],
    ['no read', put, { ...label, read: null }],
  ])('does not apply: %s', (_, of, within) => {
    expect(isSkip(check.plan(subject(of, within), null))).toBe(true);
  });
});
