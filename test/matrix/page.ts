import { reasonFor, type CorrectCell, type FlawCell } from './cells.js';
import { MISSES, NO_SENSE, type ByReason } from './expected.js';

/** What was seen in one style. */
export interface StyleRow {
  readonly name: string;
  readonly title: string;
  readonly cells: readonly FlawCell[];
  readonly correct: readonly CorrectCell[];
}

/** The figures, one line a style. */
export function matrixTable(rows: readonly StyleRow[]): string {
  const lines = rows.map(({ name, title, cells, correct }) => {
    const possible = cells.filter(({ flaw }) => reasonFor(NO_SENSE[name], flaw) === null);
    const count = (outcomes: readonly FlawCell['outcome'][]) =>
      possible.filter(({ outcome }) => outcomes.includes(outcome)).length;
    const alarms = correct.flatMap(one => one.alarms).length;
    const passes = correct.reduce((sum, one) => sum + one.passes, 0);
    const open = correct.flatMap(one => one.open).length;
    const figures = [
      possible.length,
      count(['found', 'found by another code']),
      count(['missed', 'not described']),
      count(['open']),
      correct.length,
      passes,
      open,
      alarms,
    ];
    return `| \`${name}\`: ${title} | ${figures.join(' | ')} |`;
  });
  return [
    '| style | flaws | found | missed | left open | legal choices | passes on them | left open on them | false alarms |',
    '|---|--:|--:|--:|--:|--:|--:|--:|--:|',
    ...lines,
  ].join('\n');
}

/** The page of the documentation. */
export function matrixPage(rows: readonly StyleRow[], today: string): string {
  return `# Every flaw and every legal choice, in every style

Made by \`npm run matrix\` on ${today}; in memory, on a virtual clock.

The reference API (\`idem-check serve\`) speaks in ${rows.length} styles (\`--style\`). In each of them it is played with one flaw
at a time, which the check that is there for it has to find by its code, and without a flaw in each legal choice (statuses,
lags, lists, weak tags, rate limits, other clients at the same time, ...), where no check may fail or warn.

${matrixTable(rows)}

A flaw counts as *left open* when its check says \`inconclusive\`. A warning or an open case on a correct API is no false alarm
where \`test/catalogue/variants.ts\` gives its reason (a weak tag is worth a warning); a choice that a style makes itself is not
played again.

## Not found, and why

${sections(rows, MISSES)}

## Flaws that a style cannot have

${sections(rows, NO_SENSE)}
`;
}

function sections(rows: readonly StyleRow[], table: Readonly<Record<string, ByReason>>): string {
  const items = rows.flatMap(({ name }) =>
    Object.entries(table[name] ?? {}).map(
      ([reason, flaws]) => `- \`${name}\`: ${reason} (${flaws.map(flaw => `\`${flaw}\``).join(', ')})`,
    ),
  );
  return items.length === 0 ? 'None.' : items.join('\n');
}
