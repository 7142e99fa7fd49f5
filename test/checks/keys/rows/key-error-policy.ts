import type { Contract } from '../../../../src/core/contract.js';
import type { Exchange } from '../../../../src/core/http.js';
import type { Reading } from '../../../../src/core/reading.js';
import { reading } from '../../../support/evidence.js';
import { createCanned } from '../../../support/exchange.js';

const { answered, lost } = createCanned();
const OTHER = { error: 'key used with another payload' };
const WRONG = { error: 'amount' };

/** Answers to one variant of `key-error-policy`, and what is made of them. */
export interface Row {
  readonly name: string;
  readonly exchanges: readonly Exchange[];
  readonly readings: readonly Reading[];
  readonly expected: string;
  readonly contract?: Partial<Contract>;
}
const row = (
  name: string,
  exchanges: readonly Exchange[],
  readings: readonly Reading[],
  expected: string,
  contract: Partial<Contract> = {},
): Row => ({ name, exchanges, readings, expected, contract });
const after = (count: number | null, overrides: Partial<Reading> = {}) => reading('after', count, overrides);
const ok = (step: string) => answered(step, 201, { body: { id: step } });

const first = answered('first', 400, { body: WRONG });
const repeat = answered('repeat', 400, { body: WRONG });
const corrected = (status: number, body: object = OTHER) => answered('corrected', status, { body });
export const invalid: readonly Row[] = [
  row('freed', [first, repeat, ok('corrected'), ok('corrected-again')], [after(1)], 'pass +key-freed'),
  row('kept as another payload', [first, repeat, corrected(422), ok('control')], [], 'pass +key-taken'),
  row('kept, with the status of the refusal', [first, repeat, corrected(400), ok('control')], [], 'pass +key-taken'),
  row('given the stored refusal', [first, repeat, corrected(400, WRONG), ok('control')], [], 'warn correction-refused'),
  row(
    'given the stored refusal, as declared',
    [first, repeat, corrected(400, WRONG), ok('control')],
    [],
    'pass +declared-stored',
    { errorsStored: 'all' },
  ),
  row('refused for another reason', [first, repeat, corrected(404), ok('control')], [], 'warn correction-refused'),
  row('crashed', [first, repeat, corrected(500), ok('control')], [], 'fail correction-refused?'),
  row(
    'refused everywhere',
    [first, repeat, corrected(400, WRONG), answered('control', 400)],
    [],
    'inconclusive control-failed',
  ),
  row('not controlled', [first, repeat, corrected(400, WRONG)], [], 'inconclusive lost-answers'),
  row('executed twice', [first, repeat, ok('corrected'), ok('corrected-again')], [after(2)], 'fail executed-twice'),
  row('in flight', [first, answered('repeat', 409), corrected(409), ok('control')], [], 'warn refusal-changed?'),
  row('crashed on the repeat', [first, answered('repeat', 500)], [], 'fail refusal-changed?'),
  row(
    'accepted on the repeat',
    [first, ok('repeat'), ok('corrected'), ok('corrected-again')],
    [after(1)],
    'fail refusal-changed?',
  ),
  row('503 on the repeat', [first, answered('repeat', 503)], [], 'inconclusive unavailable'),
  row('uncounted', [first, repeat, ok('corrected'), corrected(422)], [], 'inconclusive lost-answers'),
  row('not refused', [ok('first')], [], 'inconclusive control-failed'),
  row('rate-limited', [answered('first', 429)], [], 'inconclusive rate-limited'),
  row('repeat lost', [first, lost('repeat')], [], 'inconclusive lost-answers'),
  row('nothing sent', [], [], 'inconclusive lost-answers'),
];

const failed = answered('first', 500);
const then = (status: number, ms = 1) => answered('repeat', status, { from: ms * 1000, to: ms * 1000 });
const counts = (one: number, two: number) => [reading('after-first', one), after(two)];
const fault: readonly Row[] = [
  row('carried out on the retry', [failed, then(201), ok('control')], counts(0, 1), 'pass +key-freed'),
  row('the first had it done, the retry tells', [failed, then(201), ok('control')], counts(1, 1), 'pass +key-freed'),
  row('done by both', [failed, then(201), ok('control')], counts(1, 2), 'fail executed-twice'),
  row('done by both, which fail', [failed, then(500), ok('control')], counts(1, 2), 'fail executed-twice'),
  row('by neither', [failed, then(201), ok('control')], counts(0, 0), 'inconclusive no-effect'),
  row(
    'told to wait for a minute',
    [failed, then(409), then(409, 61_000), ok('control')],
    counts(0, 0),
    'fail key-stuck',
  ),
  row(
    'told to wait, no patience',
    [failed, then(409), then(409, 9_000), ok('control')],
    counts(0, 0),
    'inconclusive still-in-flight',
  ),
  row('told to wait, then done', [failed, then(409), then(201, 1_000), ok('control')], counts(0, 1), 'pass +key-freed'),
  row('burned', [failed, then(400), ok('control')], counts(0, 0), 'fail key-stuck?'),
  row(
    'burned, or refused anyway',
    [failed, then(400), answered('control', 400)],
    counts(0, 0),
    'inconclusive control-failed',
  ),
  row('503 on the retry', [failed, then(503)], counts(0, 0), 'inconclusive unavailable'),
  row('no failure', [ok('first')], [], 'inconclusive control-failed'),
  row('unavailable', [answered('first', 503)], [], 'inconclusive unavailable'),
];
export const hooked: readonly Row[] = [
  ...fault,
  row('stored', [failed, then(500), ok('control')], counts(0, 0), 'warn error-stored?'),
  row('stored, as declared', [failed, then(500), ok('control')], counts(0, 0), 'pass +declared-stored', {
    errorsStored: 'after-execution',
  }),
  row('stored, against the contract', [failed, then(500), ok('control')], counts(0, 0), 'fail error-stored?', {
    errorsStored: 'none',
  }),
  row(
    'fails under any key',
    [failed, then(500), answered('control', 500)],
    counts(0, 0),
    'inconclusive control-failed',
  ),
];
export const crashing: readonly Row[] = [
  ...fault,
  row(
    'fails again, and the key is free',
    [failed, then(500), ok('corrected'), ok('control')],
    counts(0, 0),
    'pass +key-freed +fails-again',
  ),
  row(
    'fails again, and the key is kept',
    [failed, then(500), corrected(422), ok('control')],
    counts(0, 0),
    'pass +fails-again',
  ),
  row(
    'fails again, and its effects cannot be counted',
    [failed, then(500), ok('corrected'), ok('control')],
    [reading('after', null, { kind: 'identity', trouble: 'ids are all there is' })],
    'inconclusive oracle-failed',
  ),
  row('stored for any payload', [failed, then(500), corrected(500), ok('control')], counts(0, 0), 'warn error-stored?'),
];

const stranger = answered('first', 401);
const right = [ok('corrected'), ok('corrected-again')];
const own = (status: number) => answered('corrected', status);
export const strangers: readonly Row[] = [
  row('freed', [stranger, ...right], [after(1)], 'pass +key-freed'),
  row('forbidden, then freed', [answered('first', 403), ...right], [after(1)], 'pass +key-freed'),
  row('carried out twice', [stranger, ...right], [after(2)], 'fail executed-twice'),
  row('refused to the right caller', [stranger, own(401), ok('control')], [], 'fail refusal-replayed'),
  row('forbidden to the right caller', [stranger, own(403), ok('control')], [], 'fail refusal-replayed'),
  row('taken', [stranger, own(409), ok('control')], [], 'warn correction-refused'),
  row('a crash', [stranger, own(500), ok('control')], [], 'fail correction-refused?'),
  row('refused under any key', [stranger, own(401), answered('control', 401)], [], 'inconclusive control-failed'),
  row('open to everybody', [ok('first')], [], 'inconclusive control-failed'),
  row('a 503', [stranger, own(503), ok('control')], [], 'inconclusive unavailable'),
  row('a lost answer', [stranger, lost('corrected', 'reset')], [], 'inconclusive lost-answers'),
];

const away = answered('provoked', 429);
const retry = (status: number) => answered('provoked again', status, { body: { id: 'retry' } });
const letIn = ok('control');
export const limits: readonly Row[] = [
  row('freed', [away, letIn, retry(201)], [after(1)], 'pass +key-freed'),
  row('turned away again', [away, letIn, retry(429), letIn], [], 'fail limit-replayed?'),
  row('so declared', [away, letIn, retry(429), letIn], [], 'warn limit-replayed?', { errorsStored: 'all' }),
  row(
    'a limit that comes and goes',
    [away, letIn, retry(429), answered('control', 429)],
    [],
    'inconclusive rate-limited',
  ),
  row('a limit that stays', [away, answered('control', 429), retry(429), letIn], [], 'inconclusive rate-limited'),
  row('taken', [away, letIn, retry(409), letIn], [], 'warn correction-refused'),
  row('a crash', [away, letIn, retry(500), letIn], [], 'fail correction-refused?'),
  row('a 503', [away, letIn, retry(503), letIn], [], 'inconclusive unavailable'),
  row('not turned away', [ok('provoked')], [], 'inconclusive control-failed'),
  row('a lost retry', [away, letIn, lost('provoked again', 'reset'), letIn], [], 'inconclusive lost-answers'),
];
