import { Chalk, type ColorSupportLevel } from 'chalk';
import type { ChecklistVerdict } from '../../core/report.js';

/** Colours by what they mean. At level 0 the text comes back as it is. */
export interface Style {
  readonly verdict: (verdict: ChecklistVerdict, text: string) => string;
  readonly strong: (text: string) => string;
  readonly faint: (text: string) => string;
}

/** One sign a verdict; each is one column wide. */
export const SIGNS = {
  pass: '✓',
  fail: '✗',
  warn: '!',
  inconclusive: '?',
  'not-applicable': '–',
  'not-checked': '·',
} as const satisfies Record<ChecklistVerdict, string>;

export function createStyle(level: ColorSupportLevel): Style {
  const chalk = new Chalk({ level });
  const paints = {
    pass: chalk.green,
    fail: chalk.red,
    warn: chalk.yellow,
    inconclusive: chalk.cyan,
    'not-applicable': chalk.dim,
    'not-checked': chalk.dim,
  } as const satisfies Record<ChecklistVerdict, (text: string) => string>;
  return {
    verdict: (verdict, text) => paints[verdict](text),
    strong: text => chalk.bold(text),
    faint: text => chalk.dim(text),
  };
}
