import type { ColorSupportLevel } from 'chalk';
import type { Report, ReportResult } from '../../core/report.js';
import { plainDeep } from '../plain.js';
import { contractBlock } from './contract.js';
import { findingBlock, headLines, sentenceLines, type Layout } from './finding.js';
import {
  checklistBlock,
  groupedBlock,
  leftoversBlock,
  passesBlock,
  racesBlock,
  summaryLine,
  waivedBlock,
  warningBlock,
} from './sections.js';
import { createStyle } from './style.js';
import { isUnguarded, unguardedBlock, withoutVersionless } from './unguarded.js';

export interface TerminalOptions {
  readonly colour: ColorSupportLevel;
  /** Columns. */
  readonly width: number;
  /** Also lists what passed and what does not apply. */
  readonly verbose: boolean;
  /** Only a line or two for each finding, and the summary. */
  readonly quiet: boolean;
}

/** Longer lines of prose are hard to read, however wide the terminal is. */
const MEASURE = 100;
const NARROWEST = 40;

/** The report as a person in a hurry reads it: failures first with their evidence, one line of summary last. Pure. */
export function renderTerminal(given: Report, { colour, width, verbose, quiet }: TerminalOptions): string {
  const room = Math.max(NARROWEST, width);
  const layout: Layout = { style: createStyle(colour), width: room, measure: Math.min(room, MEASURE), verbose };
  const report = neutralised(given);
  const blocks = quiet ? briefBlocks(report, layout) : blocksOf(report, layout);
  return `${[...blocks, summaryLine(report, layout)].filter(block => block !== '').join('\n\n')}\n`;
}

/** Nothing a server sent reaches the terminal as a control character; bodies stay for the commands, which escape them. */
function neutralised(report: Report): Report {
  const { exchanges, ...rest } = report;
  return { ...plainDeep(rest), exchanges };
}

function blocksOf(report: Report, layout: Layout): readonly string[] {
  const open = report.results.filter(({ waived }) => waived === null);
  const of = (verdict: ReportResult['verdict']) => open.filter(result => result.verdict === verdict);
  const { verbose } = layout;
  // Those that stand first already: with -v also with their evidence.
  const warnings = of('warn').filter(result => verbose || !isUnguarded(result));
  const undecided = (verbose ? open : withoutVersionless(open)).filter(({ verdict }) => verdict === 'inconclusive');
  return [
    titleLine(report, layout),
    unguardedBlock(open, layout),
    ...of('fail').map(result => findingBlock(result, report.exchanges, layout)),
    ...warnings.map(result =>
      verbose ? findingBlock(result, report.exchanges, layout) : warningBlock(result, layout),
    ),
    groupedBlock('Undecided', undecided, layout),
    verbose ? passesBlock(of('pass'), layout) : '',
    verbose ? groupedBlock('Not applicable', of('not-applicable'), layout) : '',
    waivedBlock(report.results, layout),
    racesBlock(open, layout),
    contractBlock(report.contract, layout),
    checklistBlock(report, layout),
    leftoversBlock(report, layout),
  ];
}

function briefBlocks(report: Report, layout: Layout): readonly string[] {
  return report.results
    .filter(({ verdict, waived }) => waived === null && (verdict === 'fail' || verdict === 'warn'))
    .map(result => [...headLines(result, layout), ...sentenceLines(result, layout)].join('\n'));
}

function titleLine({ tool, target, profile, seed }: Report, { style }: Layout): string {
  return `${style.strong(target)} ${style.faint(`· ${tool.name} ${tool.version} · profile ${profile} · seed ${seed}`)}`;
}
