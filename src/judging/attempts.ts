import { isAnswered, isVoid, type Answered, type Exchange } from '../core/http.js';
import { PROVOKED } from '../core/step.js';
import { inconclusive, type Finding, type Verdict } from '../core/verdict.js';

/** A case whose answers were void so often is given up. */
export const MOST_VOID_TRIES = 3;

/**
 * The answer (429, 502, 503 or 504, outside a race) that makes an attempt void, so that it must be played again; `null` =
 * the attempt stands.
 */
export function voidedBy(exchanges: readonly Exchange[], verdict: Verdict): Answered | null {
  if (hasProof(verdict)) return null;
  const isVoidVerdict =
    verdict.verdict === 'inconclusive' && (verdict.reason === 'rate-limited' || verdict.reason === 'unavailable');
  const voiding = exchanges
    .filter(isAnswered)
    .filter(({ step }) => !step.startsWith(PROVOKED))
    .findLast(({ response, sync }) => isVoid(response.status) && (sync === null || isVoidVerdict));
  return voiding ?? null;
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
