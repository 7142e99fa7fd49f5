import type { Result } from '../../src/core/report.js';
import { AWAITED } from '../../src/reference/awaited.js';
import type { Flaw } from '../../src/reference/flaw.js';
import { styles } from '../../src/reference/styles/registry.js';
import type { Style } from '../../src/reference/styles/style.js';
import type { Choices } from '../../src/reference/choices.js';
import { meantBy } from '../catalogue/meant.js';
import { play, described, type Played } from '../catalogue/play.js';
import { exceptionFor, VARIANTS } from '../catalogue/variants.js';
import { isOpen, MISSES, NO_SENSE, type ByReason } from './expected.js';

/** What the tool says of an API with a flaw. */
export interface FlawCell {
  readonly flaw: string;
  readonly outcome: 'found' | 'found by another code' | 'open' | 'missed' | 'not described';
  /** The verdicts of the check it is there for. */
  readonly described: readonly string[];
}

/** What the tool says of a correct API. */
export interface CorrectCell {
  readonly choices: Partial<Choices>;
  readonly passes: number;
  /** Findings there is no reason for. */
  readonly alarms: readonly string[];
  /** Cases left open that there is no reason for. */
  readonly open: readonly string[];
}

/** Every style by name, the plain one as `null`. */
export const STYLES: ReadonlyMap<string, Style | null> = new Map<string, Style | null>([
  ['plain', null],
  ...styles.map(style => [style.name, style] as const),
]);

/** The legal choices a style leaves open. */
export function variantsOf(style: Style | null): readonly Partial<Choices>[] {
  return style === null ? VARIANTS : VARIANTS.filter(choices => isOpen(choices, style));
}

/** The reason a table gives for a flaw. */
export function reasonFor(table: ByReason | undefined, flaw: string): string | null {
  return Object.entries(table ?? {}).find(([, flaws]) => flaws.includes(flaw))?.[0] ?? null;
}

/** Why a flaw need not be found in a style, or `null`. */
export function excuseFor(style: string, flaw: string): string | null {
  return reasonFor(NO_SENSE[style], flaw) ?? reasonFor(MISSES[style], flaw) ?? AWAITED[flaw] ?? null;
}

/** Plays the check a flaw is there for on an API that has it, and has made a legal choice beside. */
export async function playFlaw(style: Style | null, flaw: Flaw, choice: Partial<Choices> = {}): Promise<FlawCell> {
  const { resource } = flaw.exposes;
  const { isCase, isPlayed, code, codesIn } = meantBy(flaw);
  if (style?.resource({}, resource) === null) return { flaw: flaw.id, outcome: 'not described', described: [] };
  const { results, internalErrors } = await play({
    flaw,
    style,
    choices: choice,
    resources: [resource],
    wants: one => isPlayed(one.check.id, one.variant) && one.resource.name === resource,
  });
  if (internalErrors.length > 0) throw new Error(`${flaw.id}: ${JSON.stringify(internalErrors)}`);
  const own = results.filter(result => isCase(result.check, result.variant));
  const said = own.filter(({ verdict }) => verdict !== 'not-applicable').map(described);
  return { flaw: flaw.id, outcome: outcomeOf(own, codesIn(own), code), described: said };
}

function outcomeOf(own: readonly Result[], codes: readonly string[], code: string): FlawCell['outcome'] {
  if (codes.includes(code)) return 'found';
  if (codes.length > 0) return 'found by another code';
  return own.some(({ verdict }) => verdict === 'inconclusive') ? 'open' : 'missed';
}

/** Plays every case on a correct API; orders made by PUT apart, since they share a collection with the others. */
export async function playCorrect(style: Style | null, choices: Partial<Choices>): Promise<CorrectCell> {
  const played: Played = { style, choices };
  const outcomes = [await play(played)];
  if (style?.resource({}, 'placed-order') !== null) {
    outcomes.push(await play({ ...played, resources: [], clientIds: true }));
  }
  const errors = outcomes.flatMap(({ internalErrors }) => internalErrors);
  if (errors.length > 0) throw new Error(JSON.stringify(errors));
  const results = outcomes.flatMap(outcome => outcome.results);
  const whole = { ...choices, ...style?.choices };
  const odd = results.filter(result => exceptionFor(whole, result) === undefined);
  return {
    choices,
    passes: results.filter(({ verdict }) => verdict === 'pass').length,
    alarms: odd.filter(({ verdict }) => verdict === 'fail' || verdict === 'warn').map(described),
    open: odd.filter(({ verdict }) => verdict === 'inconclusive').map(described),
  };
}
