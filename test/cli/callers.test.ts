import { expect, test } from 'vitest';
import { createCallers, isAuthenticated, withFlagCallers } from '../../src/cli/callers.js';
import { redactionOf } from '../../src/cli/secrets.js';
import type { Request } from '../../src/core/http.js';
import type { Caller, Spec } from '../../src/core/spec.js';
import { specFromText } from '../../src/spec/load.js';
import { compose } from '../../src/transport/compose.js';
import { targetOf } from '../../src/transport/target.js';

const base = specFromText('version: 1\nresources: { a: { create: POST /a } }\n', 'spec', { env: {}, profile: null });
const clock = { nowUs: () => 0, sleep: async () => {} };
const runCommand = async () => ({ stdout: 'printed-token', trouble: null });

function specWith(caller: Partial<Caller>, identities: Spec['identities'] = {}): Spec {
  return { ...base, caller: { headers: [], auth: null, ...caller }, identities };
}

/** What goes out as a caller: the lines that are no default. */
async function sentAs(
  spec: Spec,
  identity?: string,
  { url = 'http://127.0.0.1', headers = [] as Request['headers'] } = {},
) {
  const callers = createCallers(spec, url, { clock, runCommand }, new Set());
  const request: Request = { method: 'POST', path: '/a', headers, body: null };
  const options = { headers: spec.caller.headers, userAgent: 'test' };
  const { sent } = compose(request, targetOf(url), options, await callers(identity));
  const defaults = ['user-agent', 'accept', 'accept-encoding', 'cache-control'];
  return { url: sent.url, lines: sent.headers.filter(([name]) => !defaults.includes(name)) };
}

const first: Partial<Caller> = {
  headers: [
    ['X-Tenant', 'one'],
    ['Cookie', 'session=first; theme=dark'],
    ['X-Api-Key', 'first-key'],
  ],
  auth: { kind: 'bearer', token: 'first-token' },
};
const second: Caller = { headers: [['X-Tenant', 'two']], auth: { kind: 'basic', username: 'u', password: 'p' } };

test('the run sends as its own caller unless told otherwise', async () => {
  const { lines } = await sentAs(specWith(first));
  expect(lines).toEqual([...(first.headers ?? []), ['Authorization', 'Bearer first-token']]);
});

test('another caller has its own headers and credential, and nothing of the first', async () => {
  const { lines, url } = await sentAs(specWith(first, { other: second }), 'other', {
    url: 'http://me:first-password@127.0.0.1',
  });
  expect(lines).toEqual([
    ['X-Tenant', 'two'],
    ['Authorization', 'Basic dTpw'],
  ]);
  expect(url).toBe('http://127.0.0.1/a');
});

test('a caller with neither header nor credential sends none, not that of the URL either', async () => {
  const nobody: Caller = { headers: [], auth: null };
  const spec = specWith({ auth: { kind: 'apiKey', in: 'query', name: 'k', value: 'v' } }, { nobody });
  expect((await sentAs(spec)).url).toBe('http://127.0.0.1/a?k=v');
  expect(await sentAs(spec, 'nobody', { url: 'http://me:pw@127.0.0.1' })).toMatchObject({
    url: 'http://127.0.0.1/a',
    lines: [],
  });
});

test('a credential that stands in the request itself does not cross either', async () => {
  const auth = { kind: 'apiKey', in: 'header', name: 'X-Pass', value: 'v' } as const;
  const headers = [
    ['Authorization', 'Bearer first-token'],
    ['X-Pass', 'v'],
    ['Idempotency-Key', 'k'],
  ] as const;
  const { lines } = await sentAs(specWith({ auth }, { other: second }), 'other', { headers });
  expect(lines).toEqual([
    ['X-Tenant', 'two'],
    ['Authorization', 'Basic dTpw'],
    ['Idempotency-Key', 'k'],
  ]);
});

test('the anonymous caller keeps what is no credential', async () => {
  expect((await sentAs(specWith(first), 'anonymous')).lines).toEqual([['X-Tenant', 'one']]);
});

test.each<[string, Partial<Caller>, string, unknown]>([
  [
    'header lines',
    first,
    'http://127.0.0.1',
    [
      ['X-Tenant', 'one'],
      ['Cookie', 'session=idem-check-worthless; theme=idem-check-worthless'],
      ['X-Api-Key', 'idem-check-worthless'],
      ['Authorization', 'Bearer idem-check-worthless'],
    ],
  ],
  [
    'a scheme',
    { headers: [['authorization', 'Token abc']] },
    'http://127.0.0.1',
    [['authorization', 'Token idem-check-worthless']],
  ],
  [
    'the user of the URL',
    {},
    'http://me:pw@127.0.0.1',
    [['Authorization', `Basic ${btoa('idem-check-worthless:idem-check-worthless')}`]],
  ],
  [
    'a command',
    { auth: { kind: 'command', command: 'print', header: 'X-Auth' } },
    'http://127.0.0.1',
    [['X-Auth', 'Bearer idem-check-worthless']],
  ],
])('the garbage caller has a worthless value in place of %s', async (_, caller, url, lines) => {
  expect((await sentAs(specWith(caller), 'garbage', { url })).lines).toEqual(lines);
});

test('the garbage caller sends a worthless key in the query', async () => {
  const spec = specWith({ auth: { kind: 'apiKey', in: 'query', name: 'k', value: 'v' } });
  expect((await sentAs(spec, 'garbage')).url).toBe('http://127.0.0.1/a?k=idem-check-worthless');
});

test('nobody has an unknown name', async () => {
  await expect(sentAs(specWith({}), 'nobody')).rejects.toThrow(RangeError);
});

test('the flags complete the callers of the spec', () => {
  const { caller, identities } = withFlagCallers(
    specWith({ headers: [['X-A', '1']] }, { other: { headers: [['X-Tenant', 'two'], ['X-B', '2']], auth: second.auth } }), // prettier-ignore
    [['X-C', '3']],
    [
      ['x-tenant', 'three'],
      ['authorization', 'Bearer second'],
    ],
  );
  expect(caller.headers).toEqual([['X-A', '1'], ['X-C', '3']]); // prettier-ignore
  expect(identities['other']).toEqual({
    headers: [
      ['X-B', '2'],
      ['x-tenant', 'three'],
      ['authorization', 'Bearer second'],
    ],
    auth: null,
  });
  const kept = withFlagCallers(specWith({}, { other: second }), [], [['X-B', '1']]);
  expect(kept.identities['other']?.auth).toEqual(second.auth);
  expect(withFlagCallers(specWith({}), [], []).identities).toEqual({});
});

test.each<[Partial<Caller>, string | null, boolean]>([
  [{}, null, false],
  [{ headers: [['X-Tenant', 'one']] }, 'http://127.0.0.1', false],
  [{ headers: [['Cookie', 'a=b']] }, null, true],
  [{ auth: { kind: 'bearer', token: 't' } }, null, true],
  [{}, 'http://me:pw@127.0.0.1', true],
])('whether %j at %s carries a credential', (caller, url, expected) => {
  expect(isAuthenticated({ caller: { headers: [], auth: null, ...caller }, url })).toBe(expected);
});

test('the secrets of every caller are masked, those obtained on the way too', async () => {
  const spec = specWith(first, { other: { headers: [['X-Api-Key', 'second-key']], auth: { kind: 'command', command: 'print', header: 'X-Auth' } } }); // prettier-ignore
  const obtained = new Set<string>();
  await createCallers(spec, 'http://127.0.0.1', { clock, runCommand }, obtained)('other');
  const redaction = redactionOf(spec, 'http://127.0.0.1', obtained);
  const text = 'first-token second-key printed-token first-key one';
  const masked = redaction.body(JSON.stringify({ note: text }), 'utf8', false);
  for (const secret of ['first-token', 'second-key', 'printed-token', 'first-key'])
    expect(masked).not.toContain(secret);
  expect(masked).toContain(' one');
});
