import type { Drift, ReportContract, Resemblance } from '../../core/observed-contract.js';
import type { TraitName } from '../../core/trait.js';
import { listed } from '../contract/words.js';
import { groupBy } from '../group-by.js';
import { asSentence, plural } from '../sentence.js';
import type { Layout } from './finding.js';
import { wrapped } from './wrap.js';

/** The contract the API was seen to keep, in a paragraph; what differs, by operation; what it is like; what drifted. */
export function contractBlock(contract: ReportContract | undefined, { style, measure }: Layout): string {
  if (contract === undefined || (contract.operations.length === 0 && contract.drift === null)) return '';
  const merged = new Set(contract.traits.map(({ name }) => name));
  const apart = contract.operations.flatMap(({ operation, traits }) => {
    const own = traits.filter(({ name }) => !merged.has(name));
    return own.length === 0 ? [] : [`${operation}: ${own.map(trait => trait.says).join('; ')}.`];
  });
  const paragraphs = [
    asSentence(contract.traits.map(trait => trait.says).join('; ')),
    ...apart,
    resemblanceText(contract.resembles),
    ...(contract.drift === null ? [] : driftTexts(contract.drift)),
  ].filter(text => text !== '');
  const lines = paragraphs.flatMap(text =>
    wrapped(text, measure - 4).map((line, at) => `  ${at === 0 ? '' : '  '}${line}`),
  );
  return [style.strong('Observed contract'), ...lines].join('\n');
}

/** `Resembles the profile ietf-strict: 3 traits agree (key, inflight and mismatch), nothing contradicts.` */
function resemblanceText(resembles: readonly Resemblance[]): string {
  const [first, ...others] = resembles;
  if (first === undefined) return '';
  const described = [...groupBy(resembles, agreementText)].map(([text, group]) =>
    resembles.length === group.length
      ? text
      : `of ${listed(
          group.map(({ name }) => name),
          'and',
        )} ${text}`,
  );
  const alike = others.length === 0 ? '' : ' alike';
  return `Resembles ${listed(resembles.map(titleOf), 'and')}${alike}: ${described.join('; ')}.`;
}

function titleOf({ name, kind }: Resemblance): string {
  return kind === 'profile' ? `the profile ${name}` : `the library ${name}`;
}

function agreementText({ agrees, contradicts }: Resemblance): string {
  const against = contradicts.length === 0 ? 'nothing contradicts' : `${namesText(contradicts)} contradicts it`;
  return `${plural(agrees.length, 'trait')} agree (${namesText(agrees)}), ${against}`;
}

function driftTexts({ file, drifts, held, unseen, unrecorded }: Drift): readonly string[] {
  const count = drifts.length === 0 ? 'no drift' : plural(drifts.length, 'drift');
  const named = (items: Drift['unseen']) =>
    items.map(({ operation, names }) => `${operation} (${namesText(names)})`).join('; ');
  return [
    `Held against ${file}: ${count}, ${plural(held, 'trait')} as recorded.`,
    ...[...groupBy(drifts, ({ operation }) => operation)].map(
      ([operation, own]) => `${operation} drifted: ${namesText(own.map(({ name }) => name))}.`,
    ),
    unseen.length === 0 ? '' : `Recorded, and not seen in this run: ${named(unseen)}.`,
    unrecorded.length === 0 ? '' : `Seen, and not recorded: ${named(unrecorded)}.`,
  ];
}

function namesText(names: readonly TraitName[]): string {
  return listed(names, 'and');
}
