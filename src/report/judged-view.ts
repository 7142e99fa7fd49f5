import type { ColorSupportLevel } from 'chalk';
import type { ReportResult } from '../core/report.js';
import { plain } from './plain.js';
import { plural } from './sentence.js';
import { createStyle, type Style } from './terminal/style.js';

/** A result that is judged otherwise than before; `null` = there was, or is, none of that id. */
export interface Difference {
  readonly id: string;
  readonly was: ReportResult | null;
  readonly is: ReportResult | null;
}

/** What became of a report that was judged again. */
export interface JudgedAgain {
  readonly file: string;
  /** Version that wrote the report, and that judged it now. */
  readonly writtenBy: string;
  readonly judgedBy: string;
  readonly results: number;
  readonly differing: readonly Difference[];
  /** Checks of the report that this version does not know. */
  readonly unknown: readonly string[];
  readonly exitCode: number;
}

/** The results whose verdict, reason or findings are others than before; how they are worded does not count. */
export function differencesBetween(
  before: readonly ReportResult[],
  after: readonly ReportResult[],
): readonly Difference[] {
  const then = new Map(before.map(result => [result.id, result]));
  const now = new Map(after.map(result => [result.id, result]));
  return [...new Set([...then.keys(), ...now.keys()])].flatMap(id => {
    const [was, is] = [then.get(id) ?? null, now.get(id) ?? null];
    return told(was) === told(is) ? [] : [{ id, was, is }];
  });
}

/** A result in a few words: verdict, and its reason or its codes. */
function told(result: ReportResult | null): string {
  if (result === null) return 'no result';
  const { verdict, reason, findings } = result;
  if (verdict === 'inconclusive') return `${verdict} ${reason}`;
  const codes = findings.map(({ code, level }) => (level === verdict ? code : `${code} (${level})`));
  return [verdict, ...[...new Set(codes)].toSorted()].join(' ');
}

/** For people: how many differ, then each of them, with what is said of it now. */
export function renderJudged(
  { file, writtenBy, judgedBy, results, differing, unknown }: JudgedAgain,
  { colour, quiet }: { readonly colour: ColorSupportLevel; readonly quiet: boolean },
): string {
  const style = createStyle(colour);
  const first =
    differing.length === 0
      ? `judged again: ${plural(results, 'result')}, all as before`
      : `judged again: ${differing.length} of ${results} differ`;
  const lines = [
    first,
    ...(writtenBy === judgedBy
      ? []
      : [`${plain(file)} was written by idem-check ${plain(writtenBy)}; judged by ${judgedBy}`]),
    ...(unknown.length === 0
      ? []
      : [`left out, since this version has no such check: ${unknown.map(plain).join(', ')}`]),
    ...(quiet ? [] : differing.flatMap(one => blockOf(one, style))),
  ];
  return `${lines.join('\n')}\n`;
}

function blockOf({ id, was, is }: Difference, style: Style): readonly string[] {
  const say = (result: ReportResult | null) => style.verdict(result?.verdict ?? 'not-checked', plain(told(result)));
  const sentence = is === null ? [] : [`  ${plain(is.message)}`];
  return [`${style.strong(plain(id))}: ${say(was)} -> ${say(is)}`, ...sentence];
}

/** For scripts. */
export function judgedJson({ differing, ...rest }: JudgedAgain): string {
  const short = (result: ReportResult | null) =>
    result === null
      ? null
      : {
          verdict: result.verdict,
          reason: result.reason,
          codes: result.findings.map(({ code }) => code),
          message: result.message,
        };
  const told = differing.map(({ id, was, is }) => ({ id, was: short(was), is: short(is) }));
  return `${JSON.stringify({ ...rest, differing: told }, null, 2)}\n`;
}
