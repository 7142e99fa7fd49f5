import { describe, expect, it } from 'vitest';
import { cannedOutcome, context, outcome, recorded, result } from '../../fixtures/reports/canned-outcome.js';
import { fail, warn } from '../../src/core/verdict.js';
import { buildReport } from '../../src/report/build.js';
import { renderTerminal, type TerminalOptions } from '../../src/report/terminal/terminal.js';
import { clipped, columns, wrapped } from '../../src/report/terminal/wrap.js';
import { createCanned } from '../support/exchange.js';

const report = buildReport(cannedOutcome(), context());
const render = (options: Partial<TerminalOptions> = {}, of = report) =>
  renderTerminal(of, { colour: 0, width: 80, verbose: false, quiet: false, ...options });
// oxlint-disable-next-line no-control-regex -- colour codes begin with one
const COLOUR = /\u001b\[[0-9;]*m/g;
const last = (text: string) => text.trimEnd().split('\n').at(-1);

it('shows failures first, then warnings, what stayed open, races, the checklist, leftovers, and one line of summary', () => {
  const marks = [
    '✗ POST /orders  key-replay',
    '✗ POST /orders  key-concurrent',
    '! POST /orders',
    '! DELETE',
    'Undecided',
    'Races',
    'Checklist',
    'Left behind',
  ];
  const places = marks.map(mark => render().indexOf(mark));
  expect(places).not.toContain(-1);
  expect(places).toEqual(places.toSorted((a, b) => a - b));
  expect(last(render())).toBe('2 failed, 2 warnings, 4 undecided, 3 passed, 27 requests in 12.3 s, exit 1');
});

it('gives a failure all a person needs', () => {
  const [, block = ''] = render()
    .split('\n\n✗ ')
    .map(part => part.split('\n\n! ')[0] ?? '');
  expect(`✗ ${block}`).toMatchInlineSnapshot(`
    "✗ POST /orders  key-replay-no-duplicate                         critical, should
      One key, two identical requests, 2 effects (payload: body).

      expected   One effect, however often the request is sent under one key.
      seen       first 201, replay 201; 2 effects, counted by the filtered list
      why        A client that lost the response sends again; without this it is
                 charged twice.
      fix        Store the key before executing, in the same transaction as the
                 effect.
      shown by   curl -sS -i http://127.0.0.1/orders \\
                   -H 'content-type: application/json' \\
                   -H 'Idempotency-Key: 8e03978e-40d5-43dd-bc93-6894a57f9324' \\
                   -H "Authorization: $IDEM_CHECK_AUTHORIZATION" \\
                   --data-raw '{"amount":99.99,"reference":"it'\\''s-1"}'
                 curl -sS -i http://127.0.0.1/orders \\
                   -H 'content-type: application/json' \\
                   -H 'Idempotency-Key: 8e03978e-40d5-43dd-bc93-6894a57f9324' \\
                   -H "Authorization: $IDEM_CHECK_AUTHORIZATION" \\
                   --data-raw '{"amount":99.99,"reference":"it'\\''s-1"}'"
  `);
});

it('shows the rounds of a race that failed', () => {
  expect(render()).toContain(
    [
      'round  sent      way  overlap  spread  effects  answers',
      '    1     2  barrier      yes   11 us        1  1 × 201, 1 × 409',
    ].join(`\n${' '.repeat(13)}`),
  );
});

it('groups what stayed open under its reason, said once', () => {
  expect(render()).toContain(
    [
      '  ? POST /accounts was answered with 422, so there was nothing to check.',
      '    POST /accounts: key-replay-no-duplicate, key-concurrent-single-effect',
    ].join('\n'),
  );
});

it('lists passes and what does not apply with -v alone', () => {
  expect(render()).not.toContain('etag-stable');
  expect(render({ verbose: true })).toMatch(/Held\n[^]*✓ etag-stable[^]*Not applicable\n {2}– No HEAD documented\./);
});

it('is a line or two a finding with -q', () => {
  const quiet = render({ quiet: true });
  expect(quiet).toContain('✗ POST /orders  key-replay-no-duplicate');
  expect(quiet).not.toContain('curl');
  expect(quiet).not.toContain('Checklist');
  expect(last(quiet)).toBe(last(render()));
});

it.each([{}, { verbose: true }, { quiet: true }])('says each of several findings on a line of its own: %j', options => {
  const findings = [warn('odd-status', { status: 400 }, []), fail('repeat-crashed', { status: 500 }, [])];
  const results = (['fail', 'warn'] as const).map((verdict, at) =>
    result(`DELETE /orders/{id}/${at}`, 'delete-repeat', { verdict, findings }),
  );
  const text = render({ ...options, width: 100 }, buildReport(outcome({ results }), context()));
  const described = [
    '  The second DELETE was answered with 500.',
    '  The second DELETE was answered with 400, where 404 or 410 is usual.',
  ].join('\n');
  expect(text.split(described)).toHaveLength(results.length + 1);
});

it('shows waived results with their reason, and not as failures', () => {
  const waivers = [
    { check: 'key-replay-no-duplicate', operation: null, reason: 'legacy client', until: '2027-03-01', location: null },
  ];
  const text = render({}, buildReport(cannedOutcome(), context({ waivers })));
  expect(text).toContain('POST /orders key-replay-no-duplicate: legacy client (until 2027-03-01)');
  expect(text).not.toContain('✗ POST /orders  key-replay-no-duplicate    ');
});

it('says that nothing was found out when nothing was', () => {
  expect(last(render({}, buildReport(outcome(), context())))).toBe('nothing passed, 0 requests in 12.3 s, exit 3');
});

describe.each([60, 80, 120, 200])('at %i columns', width => {
  it.each([false, true])('fits, commands aside (verbose: %s)', verbose => {
    const prose = render({ width, verbose })
      .split('\n')
      .filter(line => !/curl|^ {13}|https?:/.test(line));
    expect(prose.filter(line => columns(line) > width)).toEqual([]);
  });

  it('says the same with colours and without', () => {
    expect(render({ width, colour: 3 }).replaceAll(COLOUR, '')).toBe(render({ width }));
  });
});

it('has no colour code at level 0, and some above', () => {
  expect(render()).not.toContain('\u001b');
  expect(render({ colour: 1 })).toMatch(COLOUR);
});

it('lets nothing a server sent drive the terminal', () => {
  const nasty = '\u001b]0;owned\u0007\u001b[2J\u009b31m\r\n\u202e\u200b\ud800]]> 🙂';
  const canned = createCanned();
  const exchange = canned.answered('first', 500, {
    url: 'http://h/\u001b[2J',
    requestHeaders: [['X-\u001b[2J', nasty]],
    requestBody: nasty.repeat(10),
    body: nasty,
    sync: 'barrier',
  });
  const failing = result(`POST /${nasty}`, nasty, {
    verdict: 'fail',
    findings: [fail(nasty, { [nasty]: nasty.repeat(500) }, [exchange])],
    exchanges: [1],
    readings: [],
  });
  const open = result(`PUT /${nasty}`, 'etag-stable', {
    verdict: 'inconclusive',
    reason: 'control-failed',
    reasonArgs: { detail: nasty },
  });
  const hostile = buildReport(
    outcome({
      results: [failing, open],
      exchanges: [recorded(exchange, failing)],
      leftovers: [{ resource: nasty, id: nasty, url: nasty }],
    }),
    context({
      target: nasty,
      profile: nasty,
      waivers: [{ check: 'etag-stable', operation: null, reason: nasty, until: null, location: null }],
    }),
  );
  for (const verbose of [false, true]) {
    const text = render({ verbose, colour: 1 }, hostile).replaceAll(COLOUR, '');
    // oxlint-disable-next-line no-control-regex -- that is what must not be there
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e]/);
    expect(text).toContain('\\x1b');
    expect(text).toContain('🙂');
    expect(text.length).toBeLessThan(20_000);
  }
});

describe('wrapping', () => {
  it('counts columns as a terminal does', () => {
    expect(['abc', 'é', 'e\u0301', '日本', '🙂', '👨‍👩‍👧', '×'].map(columns)).toEqual([3, 1, 1, 4, 2, 2, 1]);
  });

  it('breaks at spaces, then inside words, never inside links', () => {
    expect(wrapped('one two three', 7)).toEqual(['one two', 'three']);
    expect(wrapped('日本語テキスト', 6)).toEqual(['日本語', 'テキス', 'ト']);
    expect(wrapped('see https://example.org/a/long/path', 10)).toEqual(['see', 'https://example.org/a/long/path']);
    expect(wrapped('', 10)).toEqual(['']);
  });

  it('clips to columns', () => {
    expect(clipped('日本語', 4)).toBe('日…');
    expect(clipped('abc', 3)).toBe('abc');
  });
});
