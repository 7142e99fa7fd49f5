import { describe, expect, it } from 'vitest';
import { SpecError } from '../../src/core/errors.js';
import { readRecordedText } from '../support/recorded.js';

/** The messages a contract file is refused with. */
function mistakesOf(text: string): readonly string[] {
  try {
    readRecordedText(text);
  } catch (error) {
    if (error instanceof SpecError) return error.message.split('\n');
    throw error;
  }
  return [];
}

describe('a contract file that is not one', () => {
  it('is told all its mistakes at once, each with its place', () => {
    const text = `version: 1
contract:
  inflght: 409
  mismatch: { statuses: [422], action: refuse }
  ttl: soon
behaviour:
  lifetime: { atLeast: 10s, below: 5s }
  endpoints: seperate
  refusals: 3
operations:
  /orders:
    contract: { key: { in: heder }, etag: { missing: allowed } }
  POST /orders:
    behaviour: { lifetime: { atLeast: long }, paths: 7 }
`;
    expect(mistakesOf(text)).toEqual([
      'contract.yaml:3:3 contract.inflght: unknown key, did you mean "inflight"?',
      'contract.yaml:4:40 contract.mismatch.action: "refuse" is not one of reject, replay-original, execute',
      'contract.yaml:5:8 contract.ttl: "soon" is no duration; write it as in 30s, 5m, 24h or 7d; "never" says that keys do not expire',
      'contract.yaml:7:36 behaviour.lifetime.below: must be more than atLeast ("10s")',
      'contract.yaml:8:14 behaviour.endpoints: "seperate" is neither a status nor separate or shared, did you mean "separate"?',
      'contract.yaml:9:13 behaviour.refusals: 3 is not one of freed, kept, stored',
      'contract.yaml:11:3 operations["/orders"]: lacks a method; write it as in "GET /orders/{id}"',
      'contract.yaml:12:28 operations["/orders"].contract.key.in: "heder" is not one of header, body, query, did you mean "header"?',
      'contract.yaml:12:54 operations["/orders"].contract.etag.missing: "allowed" is neither a status, nor a list of them, nor "permitted"',
      'contract.yaml:14:39 operations["POST /orders"].behaviour.lifetime.atLeast: "long" is no duration; write it as in 30s, 5m, 24h or 7d',
      'contract.yaml:14:54 operations["POST /orders"].behaviour.paths: 7 is no HTTP status (100 to 599)',
    ]);
  });

  it.each([
    ['', 'contract.yaml:1:1 the file is empty'],
    ['- 1\n', 'contract.yaml:1:1 is no contract: it holds no object; start with "version: 1"'],
    ['contract: {}\n', 'contract.yaml:1:1 needs "version": write version: 1'],
    ['version: 2\n', 'contract.yaml:1:10 version: must be 1, not 2: this release reads version 1 of the format'],
    ['version: 1\noperation: {}\n', 'contract.yaml:2:1 operation: unknown key, did you mean "operations"?'],
    ['version: 1\nversion: 1\n', 'contract.yaml:2:1 this key is written twice in the same place'],
  ])('%j', (text, message) => {
    expect(mistakesOf(text)).toEqual([message]);
  });
});

it('is read in the short forms of a spec too, each trait with its place', () => {
  const { traits, operations } = readRecordedText(`version: 1
contract:
  key: { name: Idempotency-Key, required: true }
  missing: 400
  inflight: [409, 425]
  mismatch: { action: replay-original }
  replayStatuses: []
  marker: Idempotent-Replayed
  errorsStored: after-execution
  ttl: 24h
  ttlFloor: { fail: 1s }
  expired: 410
  etag: { mismatch: 412, missing: permitted }
`);
  expect(operations).toBeNull();
  expect(Object.entries(traits).map(([name, { value, location }]) => [name, value, location.line])).toEqual([
    ['key', ['header Idempotency-Key'], 3],
    ['missing', [400], 4],
    ['inflight', [409, 425], 5],
    ['mismatch', ['replays'], 6],
    ['replayStatus', ['same'], 7],
    ['marker', ['Idempotent-Replayed'], 8],
    ['refusals', ['freed'], 9],
    ['errors', ['stored'], 9],
    ['lifetime', { atLeast: 86_400, below: null }, 10],
    ['expired', [410], 12],
    ['outdatedWrite', [412], 13],
    ['unversionedWrite', ['permitted'], 13],
  ]);
});
