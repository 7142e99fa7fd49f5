import type { HookRun } from '../core/hook-run.js';
import type { Reading } from '../core/reading.js';
import type { ReportExchange, ReportFinding, ReportResult } from '../core/report.js';
import type { Args } from '../core/verdict.js';
import type { Redaction } from './redact.js';

/**
 * A result with the secrets in its words masked. What scripts join on stays (`id`, `check`, `operation`, codes, step
 * names): it comes from the user's own files and from the checks, never from the target.
 */
export function redactResult(result: ReportResult, redact: Redaction): ReportResult {
  const { text } = redact;
  return {
    ...result,
    reason: result.reason === null ? null : text(result.reason),
    findings: result.findings.map(finding => redactFinding(finding, redact)),
    notes: result.notes.map(text),
    message: text(result.message),
    expected: text(result.expected),
    observed: text(result.observed),
    waived: result.waived === null ? null : { ...result.waived, reason: text(result.waived.reason) },
    readings: result.readings.map(reading => redactReading(reading, redact)),
    ...(result.hooks === undefined ? {} : { hooks: result.hooks.map(run => redactHook(run, redact)) }),
  };
}

/** An exchange with the secrets in it masked: URL, header lines, bodies, and what the network said. */
export function redactExchange(exchange: ReportExchange, redact: Redaction): ReportExchange {
  const { request, response, lostDetail } = exchange;
  return {
    ...exchange,
    request: {
      ...request,
      url: redact.url(request.url),
      headers: request.headers.map(redact.header),
      body: request.body === null ? null : redact.body(request.body, request.bodyEncoding, false),
    },
    response:
      response === null
        ? null
        : {
            status: response.status,
            headers: response.headers.map(redact.header),
            body: redact.body(response.body, response.bodyEncoding, response.truncated),
            bodyEncoding: response.bodyEncoding,
            bodyBytes: response.bodyBytes,
            truncated: response.truncated,
          },
    lostDetail: lostDetail === null ? null : redact.text(lostDetail),
  };
}

function redactFinding(finding: ReportFinding, redact: Redaction): ReportFinding {
  const args: Args = Object.fromEntries(
    Object.entries(finding.args).map(([name, value]) => [name, maskedArg(value, redact)]),
  );
  return { ...finding, args, message: redact.text(finding.message) };
}

/** A number stays one, unless its digits are those of a secret. */
function maskedArg(value: string | number, redact: Redaction): string | number {
  const masked = redact.text(String(value));
  return typeof value === 'number' && masked === String(value) ? value : masked;
}

function redactHook(run: HookRun, { text }: Redaction): HookRun {
  return { ...run, output: run.output === null ? null : text(run.output) };
}

function redactReading(reading: Reading, { text }: Redaction): Reading {
  return {
    ...reading,
    ids: reading.ids.map(text),
    trouble: reading.trouble === null ? null : text(reading.trouble),
    ...(reading.moved === undefined ? {} : { moved: reading.moved.map(text) }),
  };
}
