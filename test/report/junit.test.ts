import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import { cannedOutcome, context, outcome, recorded, result } from '../../fixtures/reports/canned-outcome.js';
import type { Report } from '../../src/core/report.js';
import { fail, warn } from '../../src/core/verdict.js';
import { buildReport } from '../../src/report/build.js';
import type { Gate } from '../../src/report/gate.js';
import { DEFAULT_GATE } from '../support/gate.js';
import { renderJunit } from '../../src/report/junit.js';
import { createCanned } from '../support/exchange.js';

const schema = (name: string) => ({
  fileName: name,
  contents: readFileSync(new URL(`../../fixtures/schemas/${name}`, import.meta.url), 'utf8'),
});
const JENKINS = schema('jenkins-junit-10.xsd');
const SUREFIRE = schema('surefire-test-report.xsd');

const suitesIn = (xml: string) => [...xml.matchAll(/<testsuite [^]*?<\/testsuite>/g)].map(([suite]) => suite);

async function mistakesIn(xml: string): Promise<readonly string[]> {
  const whole = await validateXML({ xml: [{ fileName: 'all.xml', contents: xml }], schema: [JENKINS] });
  const single = suitesIn(xml).map((contents, at) => ({ fileName: `suite-${at}.xml`, contents }));
  const each = single.length === 0 ? whole : await validateXML({ xml: single, schema: [SUREFIRE] });
  return [...whole.errors, ...each.errors].map(({ rawMessage }) => rawMessage);
}

const render = (report: Report, gate: Partial<Gate> = {}) => renderJunit(report, { ...DEFAULT_GATE, ...gate });

/** The element a case came to, in the order of the results. */
function outcomesIn(xml: string): readonly string[] {
  return [...xml.matchAll(/<testcase [^>]*?(?:\/>|>([^]*?)<\/testcase>)/g)].map(
    ([, inside = '']) => /<([\w-]+)/.exec(inside)?.[1] ?? 'passed',
  );
}

const report = buildReport(cannedOutcome(), context());

describe('a full report', () => {
  it('is valid as a whole for Jenkins, and each suite for Surefire', async () => {
    expect(await mistakesIn(render(report))).toEqual([]);
  });

  it('has a suite per operation, its counts right', () => {
    const suites = suitesIn(render(report));
    expect(suites).toHaveLength(new Set(report.results.map(({ operation }) => operation)).size);
    for (const suite of suites) {
      const count = (pattern: RegExp) => [...suite.matchAll(pattern)].length;
      const attribute = (name: string) => Number(new RegExp(` ${name}="(\\d+)"`).exec(suite)?.[1]);
      expect(attribute('tests')).toBe(count(/<testcase /g));
      expect(attribute('failures')).toBe(count(/<failure /g));
      expect(attribute('errors')).toBe(count(/<error /g));
      expect(attribute('skipped')).toBe(count(/<skipped /g));
    }
    expect(/<testsuites [^>]*>/.exec(render(report))?.[0]).toContain('tests="12" failures="2" errors="2"');
  });

  it('tells set-up trouble from other open results, and a warning from a failure', () => {
    const outcomes = (gate: Partial<Gate>) =>
      outcomesIn(render(report, gate)).reduce<Record<string, number>>(
        (tally, one) => ({ ...tally, [one]: (tally[one] ?? 0) + 1 }),
        {},
      );
    expect(outcomes({})).toEqual({ failure: 2, 'system-out': 3, skipped: 3, passed: 2, error: 2 });
    expect(outcomes({ failOn: 'warn' })).toEqual({ failure: 4, 'system-out': 1, skipped: 3, passed: 2, error: 2 });
    expect(outcomes({ failOn: 'inconclusive' })).toEqual({
      failure: 6,
      'system-out': 1,
      skipped: 1,
      passed: 2,
      error: 2,
    });
    expect(outcomes({ minSeverity: 'critical' })).toEqual({
      failure: 2,
      'system-out': 3,
      skipped: 3,
      passed: 2,
      error: 2,
    });
  });

  it('skips what is waived or below the severity that counts, with the reason', async () => {
    const waivers = [
      { check: 'key-replay-no-duplicate', operation: null, reason: 'legacy', until: '2027-03-01', location: null },
    ];
    const waived = render(buildReport(cannedOutcome(), context({ waivers })));
    expect(waived).toContain('<skipped message="waived (until 2027-03-01): legacy: One key');
    expect(outcomesIn(waived).filter(one => one === 'failure')).toHaveLength(1);
    const mild = result('GET /a', 'head-matches-get', {
      verdict: 'fail',
      findings: [fail('body-sent', {}, [])],
      severity: 'low',
    });
    const low = render(buildReport(outcome({ results: [mild] }), context()), { minSeverity: 'high' });
    expect(low).toContain('failures="0"');
    expect(low).toContain('below the severity that counts (low)');
  });
});

it('has the sentence of each of several findings', () => {
  const two = result('DELETE /orders/{id}', 'delete-repeat', {
    verdict: 'fail',
    findings: [warn('odd-status', { status: 400 }, []), fail('repeat-crashed', { status: 500 }, [])],
  });
  const xml = render(buildReport(outcome({ results: [two] }), context()));
  const crashed = 'The second DELETE was answered with 500.';
  const odd = 'The second DELETE was answered with 400, where 404 or 410 is usual.';
  expect(xml).toContain(`message="${crashed} ${odd}"`);
  expect(xml).toContain(`found:    ${crashed}\nfound:    ${odd}\n`);
});

describe('nasty input', () => {
  const nasty = '\u0000\u0008\u001b[31m ]]> <![CDATA[ & < > " \' \ud800 \ufffe 🙂 \u202e é\r\n\t --> <?xml?>';

  it('comes out as valid XML', async () => {
    const canned = createCanned();
    const exchange = canned.answered('first', 500, {
      url: `http://h/${nasty}`,
      requestHeaders: [['X', nasty]],
      requestBody: nasty + 'x'.repeat(100_000),
      body: nasty,
    });
    const failing = result(`POST /${nasty}`, nasty, {
      verdict: 'fail',
      findings: [fail(nasty, { [nasty]: nasty }, [exchange])],
      exchanges: [1],
      variant: nasty,
    });
    const open = result(`POST /${nasty}`, 'etag-stable', {
      verdict: 'inconclusive',
      reason: 'control-failed',
      reasonArgs: { detail: nasty },
    });
    const built = buildReport(
      outcome({ results: [failing, open], exchanges: [recorded(exchange, failing)] }),
      context({ profile: nasty }),
    );
    const xml = render(built);
    expect(await mistakesIn(xml)).toEqual([]);
    // oxlint-disable-next-line no-control-regex -- that is what must not be there
    expect(xml).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/);
    expect(xml).toContain('🙂');
    expect(xml.length).toBeLessThan(20_000);
  });

  it('an empty run is valid too', async () => {
    expect(await mistakesIn(render(buildReport(outcome(), context())))).toEqual([]);
  });
});
