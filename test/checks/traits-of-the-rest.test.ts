import { describe, expect, it } from 'vitest';
import { ifMatchStaleRejected } from '../../src/checks/conditional/if-match-stale-rejected.js';
import { preconditionRequired } from '../../src/checks/conditional/precondition-required.js';
import { deleteRepeat } from '../../src/checks/delete/delete-repeat.js';
import { keyExpiredBehaviour } from '../../src/checks/lifetime/key-expired-behaviour.js';
import { keyTtlHonoured } from '../../src/checks/lifetime/key-ttl-honoured.js';
import { scopeEndpoint } from '../../src/checks/scope/scope-endpoint.js';
import { scopePrincipal } from '../../src/checks/scope/scope-principal.js';
import type { Contract } from '../../src/core/contract.js';
import { createEvidence } from '../../src/core/evidence.js';
import type { HookRun } from '../../src/core/hook-run.js';
import { evidence, reading, soundPreflight } from '../support/evidence.js';
import { createCanned } from '../support/exchange.js';
import { keyed, keyless, operation, resource, subject } from '../support/subject.js';
import { traitsIn } from '../support/traits.js';

const { answered } = createCanned();
const creating = (contract: Partial<Contract> = {}) =>
  subject(operation('POST', '/orders', 'create', { contract: { ...keyed, ...contract } }));

/** Keys that were repeated at these ages (seconds), and whether they still held. */
function aged(...keys: readonly (readonly [age: number, isHeld: boolean])[]) {
  const exchanges = keys.flatMap(([age], round) => [
    answered('plant', 201, { round, body: { id: `p${round}` }, from: 0, to: 0 }),
    answered('planted', 200, { round }),
    answered('replay', 201, { round, from: age * 1_000_000, to: age * 1_000_000 + 1000 }),
  ]);
  const readings = keys.flatMap(([, isHeld], round) => [
    reading('standing', 1, { round }),
    reading('after', isHeld ? 1 : 2, { round }),
  ]);
  return { exchanges, readings };
}

describe('how long keys last', () => {
  const now = [0.1, true] as const;
  it.each([
    ['at least what was waited for', aged(now, [8.4, true]), { lifetime: { atLeast: 8, below: null } }],
    ['from what held to what was gone', aged(now, [35, true], [70, false]), { lifetime: { atLeast: 35, below: 71 } }],
    ['less than the first look', aged(now, [5, false]), { lifetime: { atLeast: 0, below: 6 } }],
    ['never beyond what was gone first', aged(now, [5, false], [35, true]), { lifetime: { atLeast: 0, below: 6 } }],
    ['nothing, where a key did not hold at once', aged([0.1, false], [8, true]), {}],
    ['nothing, where it was used again at once only', aged(now), {}],
  ])('%s', (_, { exchanges, readings }, expected) => {
    expect(traitsIn(keyTtlHonoured, creating(), evidence(exchanges, readings))).toEqual(expected);
  });

  it('nothing by a clock that no key was seen to follow', () => {
    const { exchanges, readings } = aged(now, [8, true]);
    const move: HookRun = {
      step: 'move the clock',
      attempt: 1,
      hook: 'clock',
      values: { seconds: 3600 },
      kind: 'request',
      output: null,
      exchange: null,
      atUs: 1_000_000,
    };
    const moved = createEvidence({ exchanges, readings, preflight: soundPreflight, hooks: [move], maxWaitMs: 10_000 });
    expect(traitsIn(keyTtlHonoured, creating(), moved)).toEqual({});
  });

  const late = (status: number, isHeld: boolean, more: readonly ReturnType<typeof answered>[] = []) => {
    const { exchanges, readings } = aged([0.1, true], [6, isHeld]);
    return evidence(
      [
        ...exchanges.filter(({ step, round }) => step !== 'replay' || round === 0),
        answered('replay', status, { round: 1, from: 6_000_000, to: 6_001_000 }),
        ...more,
      ],
      readings,
    );
  };
  const twice = [answered('again', 422, { round: 1, from: 9_000_000 }), answered('other key', 201, { round: 1 })];
  it.each([
    ['carried out anew when it is over', {}, late(201, false), { expired: ['executed'] }],
    ['refused when it is over, as declared', { expired: [410] }, late(410, true), { expired: [410] }],
    ['refused when it is over, undeclared', {}, late(422, true, twice), { expired: [422] }],
    ['not over yet', {}, late(201, true), {}],
  ])('a key is %s', (_, contract, seen, expected) => {
    expect(traitsIn(keyExpiredBehaviour, creating({ ttl: 5, ...contract }), seen)).toEqual(expected);
  });
});

describe('whose a key is', () => {
  const shown = (id: string) => ({ id, amount: 1 });
  const tried = (same: string, foreignRead: number) => [
    answered('first', 201, { body: shown('order-0001') }),
    answered('control', 201, { body: shown('order-0003') }),
    answered('same-request', 201, { body: shown(same) }),
    answered('own-request', 422),
    answered('again', 201, { body: shown('order-0001') }),
    answered('new-key', 201, { body: shown('order-0004') }),
    answered('foreign-read', foreignRead, { body: foreignRead === 200 ? shown('order-0001') : {} }),
  ];
  const on = (contract: Partial<Contract> = {}) => ({ ...creating(contract), identities: ['other'] });
  const counts = (count: number) => [reading('same-effects', count), reading('own-effects', 0)];
  it.each([
    ["a caller's", {}, evidence(tried('order-0002', 404), counts(1)), { scope: ['principal'] }],
    [
      "an account's",
      { scope: 'account' as const },
      evidence(tried('order-0001', 200), counts(0)),
      { scope: ['account'] },
    ],
    ['nobody can tell: the answer leaked', {}, evidence(tried('order-0001', 404), counts(0)), {}],
    ['nobody can tell: nothing was counted', {}, evidence(tried('order-0002', 404)), {}],
  ])('%s', (_, contract, seen, expected) => {
    expect(traitsIn(scopePrincipal, on(contract), seen)).toEqual(expected);
  });
});

describe('a key that was used elsewhere', () => {
  const account = resource({
    name: 'account',
    create: operation('POST', '/accounts', 'create', { resource: 'account' }),
  });
  const order = resource();
  const elsewhere = { ...subject(order.create, order), resources: [order, account] };
  const stored = { id: 'account-0001', owner: 'm' };
  const met = (status: number, body: object = { id: 'order-0001' }) => [
    answered('first', 201, { body: stored }),
    answered('first-repeat', 201, { body: stored }),
    answered('second', status, { body }),
    answered('first-again', 201, { body: stored }),
  ];
  const counts = (after: number) => [reading('before', 0), reading('after', after)];
  it.each([
    ['is free', evidence(met(201), counts(1)), ['separate']],
    ['is refused', evidence(met(422), counts(0)), [422]],
    ['gives the other answer', evidence(met(201, stored), counts(0)), ['shared']],
  ])('%s', (_, seen, expected) => {
    expect(traitsIn(scopeEndpoint, elsewhere, seen)).toEqual({ endpoints: expected });
  });

  it('on another path is told apart from another operation', () => {
    const action = operation('POST', '/orders/{id}/pay', 'action:pay');
    const path = { ...subject(action, order), resources: [order] };
    expect(traitsIn(scopeEndpoint, path, evidence(met(422), counts(0)), 'path')).toEqual({ paths: [422] });
  });

  it('crashed, which says nothing', () => {
    expect(traitsIn(scopeEndpoint, elsewhere, evidence(met(500), counts(0)))).toEqual({});
  });
});

describe('writes', () => {
  const look = (step: string, tag: string, amount: number) =>
    answered(step, 200, { body: { amount }, headers: [['ETag', tag]] });
  const b = (status: number) => answered('B', status, { method: 'PUT', requestBody: '{"amount":2}' });
  const upToB = [look('start', '"1"', 0), answered('A', 200), look('after A', '"2"', 1), look('control', '"2"', 1)];
  const replacing = subject(operation('PUT', '/orders/{id}', 'replace', { contract: keyless }));
  const valid = answered('valid', 200);
  it.each([
    ['under an outdated version are refused', [...upToB, b(412), look('after B', '"2"', 1)], [412]],
    ['under an outdated version are refused otherwise', [...upToB, b(403), look('after B', '"2"', 1), valid], [403]],
    ['under an outdated version are applied', [...upToB, b(200), look('after B', '"3"', 2)], ['applied']],
    ['refused, and applied all the same, are unclear', [...upToB, b(412), look('after B', '"3"', 2)], undefined],
    ['that crash are unclear', [...upToB, b(500), look('after B', '"2"', 1)], undefined],
  ])('%s', (_, exchanges, expected) => {
    const traits = expected === undefined ? {} : { outdatedWrite: expected };
    expect(traitsIn(ifMatchStaleRejected, replacing, evidence(exchanges))).toEqual(traits);
  });

  it.each([
    ['without a version are refused', [...upToB, b(428), look('after B', '"2"', 1)], [428]],
    ['without a version are applied', [...upToB, b(200), look('after B', '"3"', 2)], ['permitted']],
    ['that got no answer are unclear', [...upToB], undefined],
  ])('%s', (_, exchanges, expected) => {
    const traits = expected === undefined ? {} : { unversionedWrite: expected };
    expect(traitsIn(preconditionRequired, replacing, evidence(exchanges))).toEqual(traits);
  });
});

describe('a DELETE of what is gone', () => {
  const on = subject(resource().remove);
  const start = [answered('before', 200), answered('first', 204)];
  const repeated = (status: number, gone = 404) => [
    ...start,
    answered('gone', gone),
    answered('repeat', status),
    answered('after', gone),
  ];
  it.each([
    ['is answered with 404', repeated(404), { deleteMissing: [404] }],
    ['is answered with 204', repeated(204), { deleteMissing: [204] }],
    ['is answered with 403', repeated(403), { deleteMissing: [403] }],
    ['crashed', repeated(500), {}],
    ['was not of what is gone', repeated(204, 200), {}],
    ['failed by its condition', repeated(412), {}],
  ])('%s', (_, exchanges, expected) => {
    expect(traitsIn(deleteRepeat, on, evidence(exchanges))).toEqual(expected);
  });
});
