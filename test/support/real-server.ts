import { expect, test } from 'vitest';
import type { RealServer } from '../../fixtures/real-servers/expected.js';
import { MissingComponentError } from '../../fixtures/real-servers/process.js';
import type { ReportResult } from '../../src/core/report.js';
import { runReport } from './run-cli.js';

/** Runs the tool against each server, and holds what it says to the table of what was seen by hand. */
export function testRealServers(servers: readonly RealServer[]): void {
  test.for(servers.map(server => [server.name, server] as const))(
    '%s gets the verdicts that were confirmed by hand',
    { timeout: 180_000 },
    async ([, server], context) => {
      const running = await server.start().catch((error: unknown) => {
        if (!(error instanceof MissingComponentError) || process.env['CI'] !== undefined) throw error;
        return error;
      });
      if (running instanceof MissingComponentError) {
        process.stderr.write(`skipped: ${running.message}\n`);
        context.skip(running.message);
        return;
      }
      try {
        await compare(server, running.url);
      } finally {
        await running.stop();
      }
    },
  );
}

async function compare({ spec, expected, flags = [] }: RealServer, url: string): Promise<void> {
  const { report } = await runReport(`fixtures/specs/${spec}`, url, flags);
  const odd = report.results
    .filter(result => !allowed(expected, result).includes(result.verdict))
    .map(result => `${result.id}: ${result.verdict}, not ${allowed(expected, result)[0]}: ${result.message}`);
  expect(odd).toEqual([]);
  const seen = new Set(report.results.map(({ id }) => id));
  const rows = Object.entries(expected).flatMap(([operation, checks]) =>
    Object.keys(checks).map(check => `${operation}#${check}`),
  );
  expect(rows.filter(row => !seen.has(row))).toEqual([]);
  expect(report.leftovers).toEqual([]);
}

/**
 * What the table says of a result: its row, or for a variant that of its check, unless the variant asks for what the spec
 * does not have. A finding that nobody has seen with curl
 * is not allowed.
 */
function allowed(expected: RealServer['expected'], { operation, check, variant }: ReportResult) {
  const rows = expected[operation] ?? {};
  const own = variant === null ? rows[check] : rows[`${check}:${variant}`];
  if (own !== undefined) return [own[0], own[2] ?? own[0]];
  const row = rows[check];
  return row === undefined ? ['not-applicable', 'pass', 'inconclusive'] : [row[0], row[2] ?? row[0], 'not-applicable'];
}
