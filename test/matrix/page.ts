import { AWAITED } from '../../src/reference/awaited.js';
import type { Choices } from '../../src/reference/choices.js';
import { reasonFor, type CorrectCell, type FlawCell } from './cells.js';
import { MISSES, NO_SENSE, type ByReason } from './expected.js';

/** What was seen in one style. */
export interface StyleRow {
  readonly name: string;
  readonly title: string;
  readonly cells: readonly FlawCell[];
  readonly correct: readonly CorrectCell[];
}

/** A flaw beside a legal choice, in the plain style. */
export interface Crossed extends FlawCell {
  readonly choice: Partial<Choices>;
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
export function matrixPage(rows: readonly StyleRow[], crossed: readonly Crossed[], today: string): string {
  return `# Every flaw and every legal choice, in every style

Made by \`npm run matrix\` on ${today}; in memory, on a virtual clock.

The reference API (\`idem-check serve\`) speaks in ${rows.length} styles (\`--style\`). In each of them it is played with one flaw
at a time, which the check that is there for it has to find by its code, and without a flaw in each legal choice (statuses,
lags, lists, weak tags, rate limits, other clients at the same time, ...), where no check may fail or warn.

${matrixTable(rows)}

A flaw counts as *left open* when its check says \`inconclusive\`. A warning or an open case on a correct API is no false alarm
where \`test/catalogue/variants.ts\` gives its reason (a weak tag is worth a warning); a choice that a style makes itself is not
played again.

## Every flaw beside every legal choice

${crossedText(crossed)}

## Not found yet

No check finds these; what their check says in the plain style is in brackets.

${awaitedText(rows)}

## Not found, and why

${sections(rows, MISSES)}

## Flaws that a style cannot have

${sections(rows, NO_SENSE)}
`;
}

/** What became of the flaws, and the choices beside which they were not seen. */
function crossedText(crossed: readonly Crossed[]): string {
  const of = (outcome: FlawCell['outcome']) => crossed.filter(one => one.outcome === outcome);
  const missed = new Map<string, Crossed[]>();
  for (const one of of('missed')) missed.set(one.flaw, [...(missed.get(one.flaw) ?? []), one]);
  const list = [...missed].map(
    ([flaw, cells]) => `- \`${flaw}\`: ${cells.map(({ choice }) => `\`${JSON.stringify(choice)}\``).join(', ')}`,
  );
  return `In the plain style, ${crossed.length} pairs: ${of('found').length} found, ${of('found by another code').length} found by
another code of the same check, ${of('open').length} left open, ${of('missed').length} not seen. Most of the last are no flaw beside that choice (a
record that is deleted softly can be read; an empty answer holds no id that could vary), or nothing shows them (no list).

${list.join('\n')}`;
}

/** What is missing for each flaw that is not found yet. */
function awaitedText(rows: readonly StyleRow[]): string {
  const cells = rows.find(({ name }) => name === 'plain')?.cells ?? [];
  const items = Object.entries(AWAITED).map(([flaw, missing]) => {
    const described = cells.find(cell => cell.flaw === flaw)?.described ?? [];
    const said = described.flatMap(line => /: (\S+)/.exec(line)?.[1] ?? []);
    return `- \`${flaw}\` (${said.length === 0 ? 'nothing' : [...new Set(said)].join(', ')}): ${missing}`;
  });
  return items.length === 0 ? 'None.' : items.join('\n');
}

function sections(rows: readonly StyleRow[], table: Readonly<Record<string, ByReason>>): string {
  const items = rows.flatMap(({ name }) =>
    Object.entries(table[name] ?? {}).map(
      ([reason, flaws]) => `- \`${name}\`: ${reason} (${flaws.map(flaw => `\`${flaw}\``).join(', ')})`,
    ),
  );
  return items.length === 0 ? 'None.' : items.join('\n');
}
