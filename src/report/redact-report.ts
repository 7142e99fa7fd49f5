import type { HookRun } from '../core/hook-run.js';
import type { Reading, WorldRead } from '../core/reading.js';
import type { Attempt, ReportExchange, ReportFinding, ReportResult } from '../core/report.js';
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
    ...(result.attempts === undefined ? {} : { attempts: result.attempts.map(one => redactAttempt(one, redact)) }),
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

/** What ended something before its time, with the secrets in it masked. */
export function redactTrouble<Told extends { readonly args: Args }>(trouble: Told, redact: Redaction): Told {
  return { ...trouble, args: redactArgs(trouble.args, redact) };
}

function redactAttempt({ attempt, trouble, bug }: Attempt, redact: Redaction): Attempt {
  return {
    attempt,
    ...(trouble === undefined ? {} : { trouble: redactTrouble(trouble, redact) }),
    ...(bug === undefined ? {} : { bug: redact.text(bug) }),
  };
}

function redactFinding(finding: ReportFinding, redact: Redaction): ReportFinding {
  return { ...finding, args: redactArgs(finding.args, redact), message: redact.text(finding.message) };
}

function redactArgs(args: Args, redact: Redaction): Args {
  return Object.fromEntries(Object.entries(args).map(([name, value]) => [name, maskedArg(value, redact)]));
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
    ...(reading.listed === undefined ? {} : { listed: reading.listed.map(text) }),
    ...(reading.moved === undefined ? {} : { moved: reading.moved.map(text) }),
    ...(reading.world === undefined ? {} : { world: reading.world.map(read => redactWorldRead(read, text)) }),
  };
}

function redactWorldRead(read: WorldRead, text: Redaction['text']): WorldRead {
  if (read.members === null) return read;
  const masked = Object.entries(read.members).map(([path, value]) => [
    path,
    typeof value === 'string' ? text(value) : value.map(text),
  ]);
  return { ...read, members: Object.fromEntries(masked) };
}
