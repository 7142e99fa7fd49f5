import { describe, expect, it } from 'vitest';
import { replayReauthorises as check } from '../../../src/checks/scope/replay-reauthorises.js';
import { isSkip } from '../../../src/core/check.js';
import { drive } from '../../support/drive.js';
import { evidence } from '../../support/evidence.js';
import { createCanned } from '../../support/exchange.js';
import { outcome } from '../../support/outcome.js';
import { createShop } from '../../support/shop.js';
import { keyed, keyless, operation, resource, scenarioOf, subject } from '../../support/subject.js';

const { answered, lost } = createCanned();
const first = answered('first', 201, { body: { id: '1' } });
const again = answered('again', 201, { body: { id: '1' } });

const on = (scope: 'account' | null = null, identities: readonly string[] = ['reader']) => ({
  ...subject(operation('POST', '/orders', 'create', { contract: { ...keyed, scope } })),
  identities,
  isAuthenticated: true,
});

/** The answers of one caller, under a new key and to the retry; `null` = not sent. */
type Answers = readonly [newKey: number | null, replay: number | null];

const exchangesOf = (callers: readonly Answers[]) =>
  callers.flatMap(([newKey, replay], round) => [
    ...(newKey === null ? [] : [answered('new-key', newKey, { round })]),
    ...(replay === null ? [] : [answered('replay', replay, { round, body: { id: '1' } })]),
  ]);

const table: readonly (readonly [name: string, callers: readonly Answers[], expected: string])[] = [
  ['refused with 401', [[401, 401], [401, 401]], 'pass'],
  ['refused with 403', [[403, 403], [403, 401]], 'pass'],
  ['hidden as any other', [[404, 404], [401, 401]], 'pass +status-outside'],
  ['sent to a login as any other', [[302, 302], [302, 302]], 'pass +status-outside +status-outside'],
  ['replayed without a credential', [[401, 201], [401, 401]], 'fail replayed'],
  ['replayed with a worthless one', [[401, 401], [401, 201]], 'fail replayed'],
  ['replayed to both', [[401, 200], [403, 200]], 'fail replayed replayed'],
  ['refused because of the key', [[401, 409], [401, 401]], 'warn key-before-credential'],
  ['crashed', [[401, 500], [401, 401]], 'fail crashed?'],
  ['crashes without a credential in any case', [[500, 500], [401, 401]], 'pass +status-outside'],
  ['open to everybody', [[201, 201], [201, 201]], 'inconclusive control-failed'],
  ['open, but not to a worthless credential', [[201, 201], [401, 401]], 'pass +open'],
  ['open, but a worthless credential replays', [[201, 201], [401, 201]], 'fail replayed'],
  ['redirected for the key', [[401, 302], [401, 401]], 'inconclusive control-failed'],
  ['rate limited', [[401, 429], [401, 401]], 'inconclusive rate-limited'],
  ['unavailable', [[503, 401], [401, 401]], 'inconclusive unavailable'],
  ['not sent', [[401, 401], [401, null]], 'inconclusive lost-answers'],
  ['a reader is refused', [[401, 401], [401, 401], [403, 403]], 'pass'],
  ['a reader is given the answer', [[401, 401], [401, 401], [403, 201]], 'warn replayed-to-lesser'],
  ['another tenant may do the operation', [[401, 401], [401, 401], [201, null]], 'pass'],
]; // prettier-ignore

describe('replay-reauthorises', () => {
  it.each(table)('%s', (_, callers, expected) => {
    const seen = evidence([first, ...exchangesOf(callers), again]);
    expect(outcome(scenarioOf(check, on()).judge(seen))).toBe(expected);
  });

  it('allows what the contract allows: keys of a whole account', () => {
    const callers: readonly Answers[] = [[401, 401], [401, 401], [403, 201]]; // prettier-ignore
    const seen = evidence([first, ...exchangesOf(callers), again]);
    expect(outcome(scenarioOf(check, on('account')).judge(seen))).toBe('pass +account-wide');
  });

  it('stays open when nothing is stored under the key', () => {
    const other = answered('again', 201, { body: { id: '2' } });
    const refused = exchangesOf([[401, 401], [401, 401]]); // prettier-ignore
    expect(outcome(scenarioOf(check, on()).judge(evidence([first, ...refused, other])))).toBe(
      'inconclusive control-failed',
    );
    expect(outcome(scenarioOf(check, on()).judge(evidence([answered('first', 400)])))).toBe(
      'inconclusive first-refused',
    );
    expect(outcome(scenarioOf(check, on()).judge(evidence([lost('first')])))).toBe('inconclusive lost-answers');
  });

  it('comes without a credential, with a worthless one, and as a caller that is refused', () => {
    const scenario = scenarioOf(check, on(null, ['reader', 'other']));
    const shop = createShop();
    const { steps } = drive(scenario, shop);
    const sent = steps.flatMap(step =>
      step.kind === 'send' ? [`${step.label} ${step.outgoing.identity ?? 'own'}`] : [],
    );
    // The shop refuses nobody, so that no caller of the user's needs to retry.
    expect(sent).toEqual([
      'first own',
      'new-key anonymous',
      'replay anonymous',
      'new-key garbage',
      'replay garbage',
      'new-key reader',
      'new-key other',
      'again own',
    ]);
  });

  it.each([
    ['a run without credentials', operation('POST', '/orders', 'create'), false],
    ['a read', operation('GET', '/orders/{id}', 'read'), true],
    ['no key', operation('POST', '/orders', 'create', { contract: keyless }), true],
  ])('does not apply to %s', (_, of, isAuthenticated) => {
    expect(isSkip(check.plan({ ...subject(of, resource()), isAuthenticated }, null))).toBe(true);
  });
});
