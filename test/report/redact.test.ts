import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cannedOutcome, context, outcome, recorded, result } from '../../fixtures/reports/canned-outcome.js';
import { fail, note } from '../../src/core/verdict.js';
import { buildReport } from '../../src/report/build.js';
import { renderJson } from '../../src/report/json.js';
import { renderJunit } from '../../src/report/junit.js';
import { createRedaction, MASK } from '../../src/report/redact.js';
import { redactFields } from '../../src/spec/compile/redact-fields.js';
import { renderTerminal } from '../../src/report/terminal/terminal.js';
import { createCanned } from '../support/exchange.js';

const same = (body: string) => body;
const plainly = createRedaction({ values: [], fields: same });

describe('by place', () => {
  it.each([
    ['Authorization', 'Basic dXNlcjpwYXNz', MASK],
    ['proxy-authorization', 'Basic dXNlcjpwYXNz', MASK],
    ['X-Api-Key', 'abc', MASK],
    ['apikey', 'abc', MASK],
    ['X-Auth-Token', 'abc', MASK],
    ['Ocp-Apim-Subscription-Key', 'abc', MASK],
    ['X-Amz-Security-Token', 'abc', MASK],
    ['Cookie', 'sid=s3cret; theme=dark', `sid=${MASK}; theme=${MASK}`],
    ['Set-Cookie', 'sid=s3cret; Path=/; HttpOnly', `sid=${MASK}`],
    ['Set-Cookie', 's3cret', MASK],
    ['Set-Cookie', 'sid=; Max-Age=0', 'sid='],
    ['Location', 'https://u:p@host/a?access_token=x&page=2', `https://${MASK}@host/a?access_token=${MASK}&page=2`],
    ['Idempotency-Key', '8e03978e-40d5', '8e03978e-40d5'],
    ['X-Idempotency-Token', '8e03978e-40d5', '8e03978e-40d5'],
    ['ETag', '"abc"', '"abc"'],
    ['X-Request-Id', 'abc', 'abc'],
    ['Content-Type', 'application/json', 'application/json'],
  ])('header %s: %s', (name, value, expected) => {
    expect(plainly.header([name, value])).toEqual([name, expected]);
  });

  it.each([
    ['http://h/a?api_key=x&b=1#token=y', `http://h/a?api_key=${MASK}&b=1#token=${MASK}`],
    [
      'http://h/a?X-Amz-Signature=abc&sig=1&key=2&password=3',
      `http://h/a?X-Amz-Signature=${MASK}&sig=${MASK}&key=${MASK}&password=${MASK}`,
    ],
    ['http://tok@h/', `http://${MASK}@h/`],
    ['http://h/orders?reference=ic-1&page_token=n', 'http://h/orders?reference=ic-1&page_token=n'],
    ['http://h/orders?idempotency_key=k', 'http://h/orders?idempotency_key=k'],
  ])('URL %s', (url, expected) => {
    expect(plainly.url(url)).toBe(expected);
  });

  it.each([
    ['{"password":"a\\"b", "user":"u"}', `{"password":"${MASK}", "user":"u"}`],
    ['{"auth":{"access_token" : 12, "n":[1]}}', `{"auth":{"access_token" : "${MASK}", "n":[1]}}`],
    ['{"secret":{"a":["x",{"b":true}]},"c":1}', `{"secret":{"a":["${MASK}",{"b":"${MASK}"}]},"c":1}`],
    ['{"card":{"number":"4242","cvc":"123"},"number":7}', `{"card":{"number":"${MASK}","cvc":"${MASK}"},"number":7}`],
    [
      '{"cardNumber":4242,"client_secret":"x","refreshToken":"y"}',
      `{"cardNumber":"${MASK}","client_secret":"${MASK}","refreshToken":"${MASK}"}`,
    ],
    ['{"token":"cut off in the midd', `{"token":"${MASK}"`],
    ['{"pass\\u0077ord":"x"}', `{"pass\\u0077ord":"${MASK}"}`],
    ['grant_type=x&client_secret=y', `grant_type=x&client_secret=${MASK}`],
    ['say "Bearer abcdef123456" now', `say "Bearer ${MASK}" now`],
    ['jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc_def-1', `jwt ${MASK}`],
    ['{"id":1,\n  "tokens_used": 5, "token":null}', '{"id":1,\n  "tokens_used": 5, "token":null}'],
  ])('body %s', (body, expected) => {
    expect(plainly.body(body, 'utf8', false)).toBe(expected);
  });

  it('takes names of this run in, and leaves the carriers of idempotency keys out', () => {
    const own = createRedaction({
      values: [],
      fields: same,
      names: ['X-Tenant'],
      visible: ['request_token', 'X-Token'],
    });
    expect(own.header(['x-tenant', 'acme'])).toEqual(['x-tenant', MASK]);
    expect(own.header(['X-Token', 'k'])).toEqual(['X-Token', 'k']);
    expect(own.body('{"request_token":"k"}', 'utf8', false)).toBe('{"request_token":"k"}');
  });
});

describe('by value', () => {
  const secret = 'p@ss/w "ö" rd+1';
  const redact = createRedaction({ values: [secret, 'ab'], fields: same });
  it.each([
    ['as it is', `x${secret}y`],
    ['percent-encoded', `http://h/${encodeURIComponent(secret)}`],
    ['percent-encoded in lower case', `http://h/${encodeURIComponent(secret).toLowerCase()}`],
    ['form-encoded', new URLSearchParams({ q: secret }).toString()],
    ['inside JSON', JSON.stringify({ a: secret })],
    ['in base64', Buffer.from(secret).toString('base64')],
  ])('%s', (_, text) => {
    const masked = redact.text(text);
    expect(masked).toContain(MASK);
    expect(masked.length).toBeLessThan(text.length + MASK.length);
    expect(masked).not.toContain('rd');
  });

  it('in a body of other bytes, and where a truncated one ends inside it', () => {
    const binary = Buffer.concat([Buffer.from([0, 255]), Buffer.from(secret)]).toString('base64');
    expect(Buffer.from(redact.body(binary, 'base64', false), 'base64').includes(Buffer.from('p@ss'))).toBe(false);
    expect(redact.body(`{"a":"${secret.slice(0, 6)}`, 'utf8', true)).toBe(`{"a":"${MASK}`);
    expect(redact.body('untouched: p@s', 'utf8', true)).toBe('untouched: p@s');
  });

  it('leaves words alone that hold a very short secret', () => {
    expect(redact.text('a table')).toBe('a table');
  });
});

describe('configured fields', () => {
  const fields = (body: string) => {
    try {
      const parsed: unknown = JSON.parse(body);
      if (typeof parsed !== 'object' || parsed === null || !('owner' in parsed)) return body;
      return JSON.stringify({ ...parsed, owner: MASK });
    } catch {
      return body;
    }
  };

  it('are masked in a truncated body too', () => {
    const redact = createRedaction({ values: [], fields });
    expect(redact.body('{"owner":"Jane Doe 1970","items":[1,2,{"a":"b', 'utf8', true)).not.toContain('Jane');
  });

  it('are masked wherever their value comes again', () => {
    const canned = createCanned();
    const first = canned.answered('first', 201, { body: { id: 1, owner: 'jane.doe+1970' } });
    const second = canned.answered('second', 400, {
      url: 'http://h/owners/jane.doe%2B1970',
      headers: [['X-Echo', 'jane.doe+1970']],
      body: 'no owner jane.doe+1970',
    });
    const id = 'POST /orders#key-replay-no-duplicate';
    const report = buildReport(
      outcome({
        results: [
          result('POST /orders', 'key-replay-no-duplicate', {
            verdict: 'fail',
            findings: [fail('duplicate-created', { count: 2, payload: 'jane.doe+1970' }, [first])],
            exchanges: [1, 2],
          }),
        ],
        exchanges: [recorded(first, id), recorded(second, id)],
      }),
      context({ redact: createRedaction({ values: [], fields }) }),
    );
    expect(renderJson(report)).not.toMatch(/jane/i);
  });
});

describe('in a report, each secret has a mask of its own', () => {
  const fields = redactFields(['$.owner', '$.pin']);
  const telling = createRedaction({ values: ['tok_one_1', 'tok_two_2'], fields }).learning([]);
  const body = (value: object) => telling.body(JSON.stringify(value), 'utf8', false);

  it('so that what differs still differs, and what is alike is alike', () => {
    expect(body({ token: 'a', n: 1 })).toBe('{"token":"[redacted]","n":1}');
    expect(body({ token: 'b', n: 1 })).toBe('{"token":"[redacted-2]","n":1}');
    expect(body({ token: 'a', n: 1 })).toBe('{"token":"[redacted]","n":1}');
    expect(telling.header(['Authorization', 'Bearer one'])[1]).toBe('[redacted-3]');
    expect(telling.header(['Set-Cookie', 'sid=b; Path=/'])[1]).toBe('sid=[redacted-2]');
    expect(telling.url('http://h/?api_key=b&access_token=a')).toBe(
      'http://h/?api_key=[redacted-2]&access_token=[redacted]',
    );
  });

  it('whatever it is written as, and by whatever it was found', () => {
    const first = telling.text('tok_one_1');
    expect(telling.text(`x ${Buffer.from('tok_one_1').toString('base64url')}`)).toBe(`x ${first}`);
    expect(telling.text('tok_two_2')).not.toBe(first);
    expect(body({ pin: { b: 1, a: 2 } })).toBe(body({ pin: { a: 2, b: 1 } }));
    expect(body({ pin: 1 })).not.toBe(body({ pin: 2 }));
  });

  it('and what is masked stays as it is', () => {
    const once = telling.text('{"password":"x","at":"http://u:p@h/?sig=y"} Bearer abcdef123456');
    expect(telling.text(once)).toBe(once);
  });

  it('also where a body was cut off', () => {
    const cut = (text: string) => telling.body(text, 'utf8', true);
    expect(cut('{"owner":"Jane","items":[1,2,{"a":"b')).not.toBe(cut('{"owner":"Jane","items":[1,2,{"a":"c'));
    expect(cut('{"owner":"Jane","items":[1,2,{"a":"b')).toBe(cut('{"owner":"Jane","items":[1,2,{"a":"b'));
  });
});

it('keeps a secret out of every output, wherever it was planted', () => {
  const word = fc.stringMatching(/^[A-Za-z0-9+/=_.$ '"\\&<>-]{10,40}$/).filter(text => text.trim().length >= 8);
  const place = fc.constantFrom(
    'url',
    'header',
    'answer-header',
    'request',
    'answer',
    'base64',
    'lost',
    'arg',
    'note',
    'reason',
    'reading',
    'leftover',
    'target',
    'waiver',
  );
  fc.assert(
    fc.property(word, fc.uniqueArray(place, { minLength: 1 }), (secret, places) => {
      const at = (name: (typeof places)[number], text = 'nothing') =>
        places.includes(name) ? `before ${secret} after` : text;
      const canned = createCanned();
      const shape = {
        url: `http://h/x?q=${encodeURIComponent(at('url'))}`,
        requestHeaders: [['X-Custom', at('header')]] as const,
        requestBody: JSON.stringify({ note: at('request') }),
      };
      const answered = canned.answered('first', 500, {
        ...shape,
        headers: [['X-Echo', at('answer-header')]],
        body: { note: at('answer') },
      });
      const binary = canned.answered('second', 200, { body: Buffer.from(`\u0000${at('base64')}`).toString('base64') });
      const lost = { ...canned.lost('third', 'protocol', shape), lostDetail: at('lost') };
      const failing = result('POST /orders', 'key-replay-no-duplicate', {
        verdict: 'fail',
        findings: [fail('duplicate-created', { count: 2, payload: at('arg') }, [answered, binary, lost])],
        exchanges: [1, 2, 3],
        notes: [note('status-outside', { status: 200, expected: at('note') })],
        readings: [
          {
            step: 'after',
            attempt: 1,
            round: 0,
            kind: 'list',
            count: null,
            ids: [at('reading')],
            value: null,
            trouble: at('reading'),
            exchanges: [],
          },
        ],
      });
      const open = result('PUT /orders/{id}', 'etag-stable', {
        verdict: 'inconclusive',
        reason: 'setup-command',
        reasonArgs: { detail: at('reason') },
      });
      const report = buildReport(
        outcome({
          results: [failing, open],
          exchanges: [
            recorded(answered, failing),
            recorded(
              { ...binary, response: binary.response && { ...binary.response, bodyEncoding: 'base64' } },
              failing,
            ),
            recorded(lost, failing),
          ],
          leftovers: [{ resource: 'order', id: at('leftover'), url: `http://h/${encodeURIComponent(at('leftover'))}` }],
        }),
        context({
          target: `http://${encodeURIComponent(at('target'))}@h/`,
          waivers: [{ check: 'etag-stable', operation: null, reason: at('waiver'), until: null, location: null }],
          redact: createRedaction({ values: [secret], fields: same }),
        }),
      );
      const bodies = report.exchanges.map(({ response }) =>
        Buffer.from(response?.body ?? '', 'base64').toString('latin1'),
      );
      const outputs = [
        renderJson(report),
        renderJunit(report, context().gate),
        renderTerminal(report, { colour: 1, width: 120, verbose: true, quiet: false }),
        ...bodies,
      ];
      const strings: string[] = [];
      JSON.parse(outputs[0] ?? '', (_, value: unknown) => void (typeof value === 'string' && strings.push(value)));
      for (const text of [...outputs, ...strings]) {
        expect(text).not.toContain(secret);
        expect(text).not.toContain(encodeURIComponent(secret));
        expect(text).not.toContain(Buffer.from(secret).toString('base64'));
      }
    }),
    { numRuns: 100 },
  );
}, 60_000);

it('keeps the idempotency key', () => {
  const text = renderJson(buildReport(cannedOutcome(), context()));
  expect(text).toContain('8e03978e-40d5-43dd-bc93-6894a57f9324');
  expect(text).not.toContain('tok_live_4eC39HqLyjWDarjtT1zdp7dc');
});
