import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cannedOutcome, context } from '../../fixtures/reports/canned-outcome.js';
import type { ReportResult } from '../../src/core/report.js';
import { buildReport } from '../../src/report/build.js';
import { curlLine, curlSequence, type Sendable } from '../../src/report/curl.js';
import { MASK } from '../../src/report/redact.js';

const request = (overrides: Partial<Sendable['request']> = {}): Sendable => ({
  n: 7,
  request: { method: 'GET', url: 'http://127.0.0.1/orders', headers: [], body: null, ...overrides },
});

/** Runs a line in `sh` with a `curl` that prints its arguments and what it is fed, each closed by a NUL. */
function runInShell(line: string, env: Readonly<Record<string, string>> = {}): readonly string[] {
  const shell = `curl() { for a in "$@"; do printf '%s\\0' "$a"; done; case "$*" in *@-*) cat; printf '\\0';; esac; }\n${line}`;
  const { stdout, stderr } = spawnSync('sh', ['-c', shell], { env: { PATH: process.env['PATH'] ?? '', ...env } });
  expect(stderr.toString()).toBe('');
  return stdout.toString().split('\0').slice(0, -1);
}

describe('one line', () => {
  it.each([
    ['a GET', request(), 'curl -sS -i http://127.0.0.1/orders'],
    ['a HEAD', request({ method: 'HEAD' }), 'curl -sS -i -I http://127.0.0.1/orders'],
    ['a DELETE', request({ method: 'DELETE' }), 'curl -sS -i -X DELETE http://127.0.0.1/orders'],
    ['a POST without a body', request({ method: 'POST' }), 'curl -sS -i -X POST http://127.0.0.1/orders'],
    [
      'a POST',
      request({ method: 'POST', headers: [['Content-Type', 'text/plain']], body: 'x' }),
      "curl -sS -i http://127.0.0.1/orders -H 'Content-Type: text/plain' --data-raw x",
    ],
    [
      'a body without a type',
      request({ method: 'POST', body: '@file' }),
      "curl -sS -i http://127.0.0.1/orders -H 'Content-Type:' --data-raw @file",
    ],
    ['an empty header', request({ headers: [['X-Empty', '']] }), "curl -sS -i http://127.0.0.1/orders -H 'X-Empty;'"],
    ['a URL curl would expand', request({ url: 'http://h/a[1-3]?b={c}' }), "curl -sS -i -g 'http://h/a[1-3]?b={c}'"],
    [
      'headers of curl itself',
      request({
        headers: [
          ['Host', 'h'],
          ['Content-Length', '0'],
          ['User-Agent', 'idem-check/1'],
        ],
      }),
      'curl -sS -i http://127.0.0.1/orders',
    ],
    [
      'a masked header',
      request({ headers: [['X-Api-Key', MASK]] }),
      'curl -sS -i http://127.0.0.1/orders -H "X-Api-Key: $IDEM_CHECK_X_API_KEY"',
    ],
    [
      'a masked header of another caller',
      { ...request({ headers: [['X-Api-Key', MASK]] }), identity: 'other-one' },
      'curl -sS -i http://127.0.0.1/orders -H "X-Api-Key: $IDEM_CHECK_OTHER_ONE_X_API_KEY"',
    ],
    [
      'a very long body',
      request({ method: 'PUT', headers: [['Content-Type', 'a/b']], body: 'x'.repeat(5000) }),
      "curl -sS -i -X PUT http://127.0.0.1/orders -H 'Content-Type: a/b' --data-binary @exchange-7.body",
    ],
  ])('%s', (_, sendable, expected) => {
    expect(curlLine(sendable)).toBe(expected);
  });

  it('sends what was sent, whatever is in it, and runs nothing', () => {
    const nasty = fc
      .oneof(
        fc.string({ unit: 'binary', maxLength: 30 }),
        fc
          .array(
            fc.constantFrom(
              "'",
              '"',
              '\\',
              '$(id)',
              '`id`',
              '!',
              '\n',
              '\r',
              '\t',
              '\u001b[31m',
              '%s',
              ' ',
              ';',
              '&',
              '|',
              '\\0101',
              'é',
              '🙂',
              '\u202e',
              '$HOME',
              '-',
            ),
          )
          .map(parts => parts.join('')),
      )
      .map(text => Buffer.from(text.replaceAll('\u0000', '')).toString());
    const line = nasty.map(text => text.replaceAll(/[\r\n]/g, '').trim());
    // Many to a shell: starting one is what takes the time.
    fc.assert(
      fc.property(fc.array(fc.tuple(nasty, line), { minLength: 10, maxLength: 20 }), cases => {
        const lines = cases.map(([body, value]) =>
          curlLine(
            request({
              method: 'POST',
              headers: [
                ['Content-Type', 'a/b'],
                ['X-Value', `v${value}`],
              ],
              body,
            }),
          ),
        );
        const words = runInShell(lines.join("\nprintf '%s\\0' NEXT\n"));
        const sent = words.flatMap((word, at) => (words[at + 1] === 'NEXT' || at === words.length - 1 ? [word] : []));
        expect(words.filter(word => word.startsWith('X-Value: '))).toEqual(
          cases.map(([, value]) => `X-Value: v${value}`),
        );
        expect(sent).toEqual(cases.map(([body]) => body));
      }),
      { numRuns: 5 },
    );
  }, 60_000);

  it('shows no character that would drive a terminal', () => {
    const line = curlLine(
      request({
        method: 'POST',
        url: 'http://h/\u001b',
        headers: [['X-A', '\u0007\u202e']],
        body: 'a\u0000\n\u001b]0;title\u0007',
      }),
    );
    expect(line).toMatch(/^[\x20-\x7e]*$/);
  });

  it('puts variables where secrets were', () => {
    const masked = request({
      method: 'POST',
      url: `http://h/?token=${MASK}&a=1`,
      headers: [
        ['Authorization', MASK],
        ['Content-Type', 'a/b'],
      ],
      body: `{"password":"${MASK}"}`,
    });
    expect(
      runInShell(curlLine(masked), { IDEM_CHECK_AUTHORIZATION: 'Bearer "x"', IDEM_CHECK_SECRET: "a'b c" }),
    ).toEqual([
      '-sS',
      '-i',
      "http://h/?token=a'b c&a=1",
      '-H',
      'Authorization: Bearer "x"',
      '-H',
      'Content-Type: a/b',
      '--data-raw',
      `{"password":"a'b c"}`,
    ]);
  });
});

describe('what shows a finding', () => {
  const report = buildReport(cannedOutcome(), context());
  const lines = (find: (result: ReportResult) => boolean) => {
    const found = report.results.find(find);
    return found === undefined ? [] : curlSequence(found, report.exchanges).map(words => words.join(' '));
  };

  it('is both requests of a replay', () => {
    expect(lines(({ id }) => id === 'POST /orders#key-replay-no-duplicate')).toHaveLength(2);
  });

  it('is one loop for a race of equal requests, which runs', () => {
    const shown = lines(({ id }) => id === 'POST /orders#key-concurrent-single-effect');
    expect(shown[0]).toMatch(/^# 8 at once/);
    expect(runInShell(shown.join('\n')).filter(word => word === 'http://127.0.0.1/orders')).toHaveLength(8);
  });

  it('is one round of a race whose finding rests on several, the widest', () => {
    const race = report.results.find(({ id }) => id === 'POST /orders#key-concurrent-single-effect');
    if (race === undefined) throw new Error('no race');
    const findings = race.findings.map(finding => ({ ...finding, exchanges: race.exchanges }));
    const shown = curlSequence({ ...race, findings }, report.exchanges).map(words => words.join(' '));
    expect(shown.filter(line => line.startsWith('#'))).toEqual(['# 8 at once, must overlap: repeat as needed']);
  });

  it('is the writes before it too, without the reads', () => {
    const shown = lines(({ id }) => id === 'DELETE /orders/{id}#delete-repeat');
    expect(shown.map(line => /-X (\w+)/.exec(line)?.[1])).toEqual(['POST', 'DELETE', 'DELETE']);
  });

  it('is the first two of a race of different requests', () => {
    const put = report.results.find(({ check }) => check === 'if-match-concurrent-one-winner');
    const found = put && {
      ...put,
      findings: [
        {
          code: 'several-winners',
          level: 'fail' as const,
          certainty: 'proof' as const,
          basis: null,
          args: {},
          exchanges: put.exchanges.slice(0, 2),
          message: 'Two won.',
        },
      ],
    };
    const shown = found === undefined ? [] : curlSequence(found, report.exchanges).map(words => words.join(' '));
    expect(shown).toHaveLength(3);
    expect(shown[1]).toMatch(/&$/);
    expect(shown[2]).toMatch(/& wait$/);
  });

  it('is nothing for a pass', () => {
    expect(lines(({ verdict }) => verdict === 'pass')).toEqual([]);
  });
});
