import { describe, expect, test } from 'vitest';
import { create, given, spec } from './native-specs.js';

describe('contracts', () => {
  const keyOf = (file: string, own: string, operation: string) =>
    given(
      spec(`contract: ${file}\nresources: { order: { contract: ${own}, create: { request: POST /o${operation} } } }`)
        .resources[0]?.create,
    ).contract.key;

  test('nobody speaks of a key: there is none', () => {
    expect(create('POST /o').contract).toMatchObject({
      key: null,
      ttl: 'unknown',
      profile: 'ietf',
      profileChosen: false,
    });
  });

  test('the most specific word wins, member by member', () => {
    expect(keyOf('{ key: { in: header, name: X-Key, required: true } }', '{}', '')).toEqual({
      in: 'header',
      name: 'X-Key',
      required: true,
      form: 'raw',
    });
    expect(
      keyOf('{ key: { in: header, name: X-Key, required: true } }', '{ key: { required: false } }', ''),
    ).toMatchObject({ name: 'X-Key', required: false });
    expect(keyOf('{ key: { in: header, name: X-Key } }', '{}', ', key: false')).toBe(null);
    expect(keyOf('{ key: false }', '{ key: true }', '')).toEqual({
      in: 'header',
      name: 'Idempotency-Key',
      required: null,
      form: 'raw',
    });
  });

  test('a key that travels elsewhere starts anew', () => {
    expect(
      keyOf('{ key: { in: header, name: X-Key, required: true } }', '{}', ', key: { in: query, name: k }'),
    ).toEqual({ in: 'query', name: 'k', required: null, form: 'raw' });
  });

  test('a key of the file is one for what creates or acts', () => {
    const [order] = spec(
      'contract: { key: { in: header, name: K } }\nresources: { order: { create: POST /o, list: "POST /o/search", update: "PATCH /o/{id}", delete: { request: "DELETE /o/{id}", key: true }, actions: { pay: "POST /o/{id}/pay" } } }',
    ).resources;
    const keys = [
      order?.create,
      order?.actions[0]?.operation,
      order?.list?.operation,
      order?.update,
      order?.remove,
    ].map(one => one?.contract.key?.name ?? null);
    expect(keys).toEqual(['K', 'K', null, null, 'Idempotency-Key']);
  });

  test.each([
    ['{ ttl: 24h }', { ttl: 86_400 }],
    ['{ ttl: 1h30m }', { ttl: 5400 }],
    ['{ ttl: 90 }', { ttl: 90 }],
    ['{ ttl: never }', { ttl: 'never' }],
    ['{ ttlFloor: { warn: 7d } }', { ttlFloor: { fail: 30, warn: 604_800 } }],
    ['{ inflight: 409 }', { inflight: { statuses: [409], mayWait: true } }],
    ['{ inflight: { mayWait: false } }', { inflight: { statuses: [409, 425, 423, 429], mayWait: false } }],
    ['{ mismatch: [422] }', { mismatch: { statuses: [422], action: 'reject', promised: true } }],
    ['{ mismatch: { action: execute } }', { mismatch: { action: 'execute', promised: false } }],
    ['{ missing: [400, 428] }', { missing: { statuses: [400, 428] } }],
    ['{ marker: Idempotent-Replayed }', { marker: { header: 'Idempotent-Replayed', value: null } }],
    ['{ marker: { header: X, value: "true" } }', { marker: { header: 'X', value: 'true' } }],
    ['{ deleteMissing: 204 }', { deleteMissing: [204] }],
    ['{ expired: [409, 410] }', { expired: [409, 410] }],
    ['{ etag: { missing: permitted } }', { etag: { missing: 'permitted', mismatch: [412] } }],
    ['{ etag: { missing: 428, comparison: weak } }', { etag: { missing: [428], comparison: 'weak' } }],
    ['{ replayMode: conflict, replayStatuses: [409] }', { replayMode: 'conflict', replayStatuses: [409] }],
    ['{ inflightTimeout: 2m }', { inflightTimeout: 120 }],
  ])('%s', (text, expected) => {
    expect(create(`{ request: POST /o, contract: ${text} }`).contract).toMatchObject(expected);
  });

  test('a profile the user names is a promise; the default is none', () => {
    expect(create('POST /o').contract.mismatch.promised).toBe(false);
    expect(create('POST /o', 'ietf').contract).toMatchObject({ profileChosen: true, mismatch: { promised: true } });
  });

  test('ietf-strict holds to the letter of the draft', () => {
    expect(create('{ request: POST /o, key: true }', 'ietf-strict').contract).toMatchObject({
      key: { form: 'sf-string' },
      inflight: { statuses: [409], mayWait: false },
      mismatch: { statuses: [422], promised: true },
      missing: { statuses: [400] },
    });
  });

  test('the flag wins over the file', () => {
    expect(spec('profile: ietf-strict\nresources: { o: { create: POST /o } }', 'ietf').profile).toBe('ietf');
    expect(() => spec('resources: { o: { create: POST /o } }', 'itef')).toThrow(
      '--profile: there is no profile "itef", did you mean "ietf"?',
    );
  });
});
