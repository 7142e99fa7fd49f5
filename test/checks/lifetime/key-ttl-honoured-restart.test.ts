import { expect, it } from 'vitest';
import { keyTtlHonoured as check } from '../../../src/checks/lifetime/key-ttl-honoured.js';
import type { Contract } from '../../../src/core/contract.js';
import { drive } from '../../support/drive.js';
import { evidence, reading } from '../../support/evidence.js';
import { createCanned } from '../../support/exchange.js';
import { outcome } from '../../support/outcome.js';
import { createShop } from '../../support/shop.js';
import { keyed, operation, scenarioOf, subject } from '../../support/subject.js';

const { answered } = createCanned();

function restartable(contract: Partial<Contract> = {}) {
  const own = subject(operation('POST', '/orders', 'create', { contract: { ...keyed, ...contract } }));
  return { ...own, hooks: new Set(['restart'] as const) };
}

interface Key {
  /** Records after the repeat, of one before. */
  readonly after: number | null;
  readonly age?: number;
  readonly plant?: number;
  readonly planted?: number;
  readonly status?: number;
}

const held: Key = { after: 1 };
const gone: Key = { after: 2 };

type Row = readonly [name: string, contract: Partial<Contract>, keys: readonly Key[], expected: string];
const table: readonly Row[] = [
  ['held', { ttl: 86_400 }, [held, held, held], 'pass +outlived-restart'],
  ['held, nothing promised', {}, [held, held, held], 'pass +outlived-restart'],
  ['both gone', { ttl: 86_400 }, [held, gone, gone], 'fail lost-on-restart'],
  ['one of two gone', { ttl: 86_400 }, [held, held, gone], 'fail lost-on-restart'],
  ['gone, never to expire', { ttl: 'never' }, [held, gone, gone], 'fail lost-on-restart'],
  ['gone, nothing promised', {}, [held, gone, gone], 'warn lost-on-restart'],
  ['gone, and due to be', { ttl: 10 }, [held, { ...gone, age: 9.5 }, held], 'inconclusive control-failed'],
  ['no key holds at all', { ttl: 86_400 }, [gone, gone, gone], 'inconclusive control-failed'],
  ['the records are gone too', { ttl: 86_400 }, [held, { ...held, planted: 404 }, held], 'inconclusive control-failed'],
  ['a crash afterwards', { ttl: 86_400 }, [held, { ...held, status: 500 }, held], 'inconclusive control-failed'],
  ['not yet back', { ttl: 86_400 }, [held, { ...held, status: 503 }, held], 'inconclusive unavailable'],
  ['uncounted', { ttl: 86_400 }, [held, { after: null }, held], 'inconclusive oracle-failed'],
  ['a create that is refused', { ttl: 86_400 }, [held, { ...held, plant: 422 }, held], 'inconclusive first-refused'],
];

it.each(table)('%s', (_, contract, keys, expected) => {
  const exchanges = keys.flatMap(({ age = 1, plant = 201, planted = 200, status = 201 }, round) => [
    answered('plant', plant, { round, body: { id: `p${round}` }, from: 0, to: 0 }),
    answered('planted', planted, { round }),
    answered('replay', status, { round, from: age * 1_000_000, to: age * 1_000_000 + 1000 }),
  ]);
  const readings = keys.flatMap(({ after }, round) => [
    reading('standing', 1, { round }),
    reading('after', after, { round }),
  ]);
  const scenario = scenarioOf(check, restartable(contract), 'restart');
  expect(outcome(scenario.judge(evidence(exchanges, readings)))).toBe(expected);
});

it('repeats one key before the restart and two after it, each once', () => {
  const scenario = scenarioOf(check, restartable({ ttl: 86_400 }), 'restart');
  const { verdict, steps } = drive(scenario, createShop());
  expect(outcome(verdict)).toBe('pass +outlived-restart');
  const order = steps.flatMap(step => {
    if (step.kind === 'hook') return [step.hook];
    return step.kind === 'send' && step.label !== 'planted' ? [`${step.label} ${step.round}`] : [];
  });
  expect(order).toEqual(['plant 0', 'plant 1', 'plant 2', 'replay 0', 'restart', 'replay 1', 'replay 2']);
  expect(scenario.hooks).toEqual(['restart']);
});

it('does not apply without the hook', () => {
  const own = subject(operation('POST', '/orders', 'create', { contract: { ...keyed } }));
  expect(check.plan(own, 'restart')).toEqual({ skip: 'the spec has no hook `restart`' });
});
