import { overlaps, spreadOf } from '../../core/race.js';
import type { Reading } from '../../core/reading.js';
import type { ReportExchange, ReportResult } from '../../core/report.js';
import { groupBy } from '../group-by.js';
import { statusesOf } from '../observed.js';
import type { Style } from './style.js';
import { aligned, clipped, padded } from './wrap.js';

const HEADS = ['round', 'sent', 'way', 'overlap', 'spread', 'effects', 'answers'] as const;

interface Row {
  readonly cells: readonly string[];
  readonly isHit: boolean;
}

/** The rounds of a result's races as a table, a line a round; the ones a finding rests on are marked. */
export function roundsTable(
  result: ReportResult,
  exchanges: readonly ReportExchange[],
  style: Style,
  width: number,
): readonly string[] {
  const rows = rowsOf(result, exchanges);
  if (rows.length === 0) return [];
  const widths = HEADS.map((head, at) => Math.max(head.length, ...rows.map(({ cells }) => cells[at]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    clipped(
      cells.map((cell, at) => (at === cells.length - 1 ? padded : aligned)(cell, widths[at] ?? 0)).join('  '),
      width,
    ).trimEnd();
  return [
    style.faint(line(HEADS)),
    ...rows.map(({ cells, isHit }) => (isHit ? style.verdict(result.verdict, line(cells)) : line(cells))),
  ];
}

function rowsOf(result: ReportResult, exchanges: readonly ReportExchange[]): readonly Row[] {
  const own = new Set(result.exchanges);
  const proof = new Set(result.findings.flatMap(finding => finding.exchanges));
  const released = exchanges.filter(({ n, sync }) => own.has(n) && sync !== null);
  const rounds = groupBy(released, ({ attempt, step, round }) => `${attempt}/${step}/${round}`);
  return [...rounds.values()].map((round, at) => {
    const [spread] = spreadOf(round);
    const cells = [
      String(at + 1),
      String(round.filter(({ sentAtUs }) => sentAtUs !== null).length),
      round[0]?.sync ?? '–',
      overlaps(round) ? 'yes' : 'no',
      spread === undefined ? '–' : `${Math.round(spread)} us`,
      effectsIn(result.readings, round),
      statusesOf(round),
    ];
    return { cells, isHit: round.some(({ n }) => proof.has(n)) };
  });
}

function effectsIn(readings: readonly Reading[], round: readonly ReportExchange[]): string {
  const [first] = round;
  const mine = readings.filter(
    reading => reading.attempt === first?.attempt && reading.round === first.round && reading.count !== null,
  );
  const count = mine.at(-1)?.count ?? null;
  return count === null ? '–' : String(count);
}
