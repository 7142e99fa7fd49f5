import { describe, expect, it } from 'vitest';
import { keyErrorPolicy as check } from '../../../../src/checks/keys/key-error-policy.js';
import type { Contract } from '../../../../src/core/contract.js';
import type { Exchange } from '../../../../src/core/http.js';
import { evidence } from '../../../support/evidence.js';
import { createCanned } from '../../../support/exchange.js';
import { outcome } from '../../../support/outcome.js';
import { keyed, operation, scenarioOf, subject } from '../../../support/subject.js';

const { answered, lost } = createCanned();
const old = (status: number, round = 0) => answered('provoked old key', status, { round });
const fresh = (status = 201, round = 0) => answered('provoked fresh key', status, { round });

interface Row {
  readonly name: string;
  readonly exchanges: readonly Exchange[];
  readonly contract?: Partial<Contract>;
  readonly expected: string;
}

const table: readonly Row[] = [
  ...[429, 502, 503, 504].map(status => ({
    name: `the ${status} is given again under its key alone`,
    exchanges: [old(status), fresh(), old(status), old(status), fresh()],
    expected: 'fail transient-error-stored',
  })),
  { name: 'carried out after all', exchanges: [old(201)], expected: 'pass +key-freed' },
  { name: 'carried out at the second try', exchanges: [old(503), fresh(), old(201)], expected: 'pass +key-freed' },
  {
    name: 'one of two keys is stored',
    exchanges: [old(429), old(503, 1), fresh(201, 1), old(503, 1), old(503, 1), fresh(201, 1)],
    expected: 'fail transient-error-stored',
  },
  {
    name: 'a limiter that turns everybody away',
    exchanges: [old(429), fresh(429), fresh(429)],
    expected: 'inconclusive rate-limited',
  },
  {
    name: 'a limiter that turns everybody away in the end',
    exchanges: [old(429), fresh(), old(429), old(429), fresh(429), fresh(429)],
    expected: 'inconclusive rate-limited',
  },
  {
    name: 'other answers each time',
    exchanges: [old(502), fresh(), old(503), old(502), fresh()],
    expected: 'inconclusive unavailable',
  },
  {
    name: 'only the fresh key before is accepted',
    exchanges: [old(503), fresh(), old(503), old(503), fresh(500), fresh(500)],
    expected: 'inconclusive control-failed',
  },
  { name: 'refused otherwise', exchanges: [old(404)], expected: 'pass +answered-otherwise' },
  { name: 'a crash', exchanges: [old(500)], expected: 'inconclusive first-refused' },
  { name: 'in flight', exchanges: [old(409)], expected: 'inconclusive still-in-flight' },
  { name: 'no answer', exchanges: [lost('provoked old key')], expected: 'inconclusive lost-answers' },
  {
    name: 'declared stored',
    exchanges: [old(503), fresh(), old(503), old(503), fresh()],
    contract: { errorsStored: 'all' },
    expected: 'warn transient-error-stored',
  },
  {
    name: 'a 429, where what was executed is declared stored',
    exchanges: [old(429), fresh(), old(429), old(429), fresh()],
    contract: { errorsStored: 'after-execution' },
    expected: 'fail transient-error-stored',
  },
];

const scenarioWith = (contract: Partial<Contract> = {}) =>
  scenarioOf(
    check,
    subject(operation('POST', '/orders', 'create', { contract: { ...keyed, ...contract } })),
    'transient',
  );

describe('key-error-policy:transient', () => {
  it.each(table)('$name', ({ exchanges, contract, expected }) => {
    expect(outcome(scenarioWith(contract).judge(evidence(exchanges)))).toBe(expected);
  });

  it.each([2, 3, 4, 5])('believes no server that turns away one of every %i requests', every => {
    for (let offset = 0; offset < every; offset++) {
      let at = offset;
      const next = () => ((at += 1) % every === 0 ? 503 : 201);
      const exchanges: Exchange[] = [];
      const turnedAway = () => exchanges.at(-1)?.response?.status === 503;
      const anew = () => {
        exchanges.push(fresh(next()));
        if (turnedAway()) exchanges.push(fresh(next()));
        return !turnedAway();
      };
      exchanges.push(old(next()));
      if (turnedAway() && anew()) {
        for (let again = 1; again < 3; again++) {
          exchanges.push(old(next()));
          if (!turnedAway()) break;
        }
        if (turnedAway()) anew();
      }
      expect(scenarioWith().judge(evidence(exchanges)).verdict).not.toBe('fail');
    }
  });

  it('stands by: it sends nothing where nothing was turned away', () => {
    expect(scenarioWith().standsBy).toContain('no 429, 502, 503 or 504');
  });
});
