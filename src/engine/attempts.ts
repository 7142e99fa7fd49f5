import { header, isAnswered, isVoid, type Exchange } from '../core/http.js';
import { retryAfterMs } from '../core/retry-after.js';
import { PROVOKED } from '../core/step.js';
import { Trouble } from '../core/trouble.js';
import { inconclusive, type Finding, type Verdict } from '../core/verdict.js';

/** A case whose answers were void so often is given up. */
export const MOST_VOID_TRIES = 3;

/** Milliseconds of back-off after the first, second and third void try, where the server names no time. */
const BACK_OFF_MS = [500, 1500, 4000];

/** How long a void attempt may have to wait. */
export interface Patience {
  /** Attempts that were void before. */
  readonly tries: number;
  /** Longest back-off, milliseconds. */
  readonly longestMs: number;
  /** Milliseconds since 1970, which the date of a Retry-After is held against. */
  readonly nowMs: number;
}

/** Why an attempt is void, and how long to back off, milliseconds. */
export interface Voided {
  readonly status: number;
  readonly ms: number;
}

/** Whether an attempt was voided by 429, 502, 503 or 504 outside a race and must be played again; `null` = it stands. */
export function voidedBy(
  exchanges: readonly Exchange[],
  verdict: Verdict,
  { tries, longestMs, nowMs }: Patience,
): Voided | null {
  if (hasProof(verdict)) return null;
  const isVoidVerdict =
    verdict.verdict === 'inconclusive' && (verdict.reason === 'rate-limited' || verdict.reason === 'unavailable');
  const voided = exchanges
    .filter(isAnswered)
    .filter(({ step }) => !step.startsWith(PROVOKED))
    .findLast(({ response, sync }) => isVoid(response.status) && (sync === null || isVoidVerdict));
  if (voided === undefined) return null;
  const asked = retryAfterMs(header(voided.response, 'retry-after'), nowMs);
  const ms = asked ?? BACK_OFF_MS[Math.min(tries, BACK_OFF_MS.length - 1)] ?? 0;
  return { status: voided.response.status, ms: Math.min(ms, longestMs) };
}

/** The verdict on a case whose answers stayed void. */
export function gaveUp(status: number, tries: number): Verdict<never, never> {
  return inconclusive(status === 429 ? 'rate-limited' : 'unavailable', { status, tries });
}

/** Whether a verdict fails by proof that stands whatever else happened. */
export function hasProof(verdict: Verdict): boolean {
  return (
    verdict.verdict === 'fail' &&
    verdict.findings.some(({ level, certainty }) => level === 'fail' && certainty === 'proof')
  );
}

/** The findings of a verdict that count only when they come again. */
export function suspectsOf(verdict: Verdict): readonly Finding[] {
  return verdict.verdict === 'fail' || verdict.verdict === 'warn'
    ? verdict.findings.filter(({ certainty }) => certainty === 'suspect')
    : [];
}

/**
 * What two attempts say together: proof of either stands, a suspect stands when its code came in both; when nothing
 * is left of the first and the second found nothing, the odd answer was not reproduced and the case stays open.
 */
export function confirmed(first: Verdict, second: Verdict): Verdict {
  const [mine, theirs] = [first, second].map(verdict =>
    verdict.verdict === 'fail' || verdict.verdict === 'warn' ? verdict.findings : [],
  ) as [readonly Finding[], readonly Finding[]];
  const codes = new Set(theirs.map(({ code }) => code));
  const standing = [
    ...mine.filter(({ certainty, code }) => certainty === 'proof' || codes.has(code)),
    ...theirs.filter(({ certainty, code }) => certainty === 'proof' || mine.some(finding => finding.code === code)),
  ];
  const [suspect] = suspectsOf(first);
  if (standing.length === 0) return inconclusive('not-reproduced', { finding: suspect?.code ?? 'none' });
  const notes = [first, second].flatMap(verdict => ('notes' in verdict ? verdict.notes : []));
  const merged = mergeByCode(standing);
  return { verdict: merged.some(({ level }) => level === 'fail') ? 'fail' : 'warn', findings: merged, notes };
}

function mergeByCode(findings: readonly Finding[]): readonly Finding[] {
  const merged = new Map<string, Finding>();
  for (const finding of findings) {
    const known = merged.get(finding.code);
    const exchanges = [...new Set([...(known?.exchanges ?? []), ...finding.exchanges])];
    merged.set(finding.code, { ...(known ?? finding), certainty: 'proof', exchanges });
  }
  return [...merged.values()];
}

/** What ended a probe before its time, as a verdict; `null` when it is a bug of ours. */
export function troubleVerdict(error: unknown): Verdict<never, never> | null {
  return error instanceof Trouble ? inconclusive(error.reason, error.args) : null;
}
