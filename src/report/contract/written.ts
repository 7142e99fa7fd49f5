import { Document, isMap, isScalar, isSeq, type Node } from 'yaml';
import type { Report } from '../../core/report.js';
import { isLifetime, type TraitName, type Traits, type TraitValue } from '../../core/trait.js';
import { durationText, says } from './words.js';

const HEAD = [
  ' yaml-language-server: $schema=https://unpkg.com/idem-check/schema/contract.schema.json',
  ' What this API was seen to do about retries and versions; what is not here was not seen.',
  ' "idem-check run --contract FILE" tells where it does otherwise. A "contract:" can be pasted into idem-check.yaml.',
].join('\n');

/** The observed contract as a file that a later run can be held against; `null` where nothing was seen. */
export function writtenContract({ contract, startedAt, target, tool }: Report): string | null {
  if (contract === undefined || contract.operations.length === 0) return null;
  const names = contract.resembles.map(({ name }) => name);
  const operations = contract.operations.map(({ operation, traits }) => [operation, entryOf(byName(traits))] as const);
  const all = byName(contract.traits);
  const document = new Document({
    version: 1,
    observed: {
      at: startedAt,
      target,
      tool: `${tool.name} ${tool.version}`,
      ...(names.length === 0 ? {} : { resembles: names }),
    },
    ...entryOf(all),
    operations: Object.fromEntries(operations),
  });
  document.commentBefore = HEAD;
  comment(document, [], all);
  const place = operations.length === 0 ? null : keyAt(document, ['operations']);
  if (place !== null) {
    place.commentBefore =
      ' What was seen on each operation; this is what a later run is held against.\n Without this section, what stands above holds for every operation.';
  }
  flowLeaves(document.contents, 0);
  return document.toString({ lineWidth: 0, flowCollectionPadding: true });
}

function byName(traits: readonly { readonly name: TraitName; readonly value: TraitValue }[]): Traits {
  return Object.fromEntries(traits.map(({ name, value }) => [name, value]));
}

/** Traits in the words of a contract file: those of the contract of a spec wherever it has one. */
export function entryOf(traits: Traits): { readonly contract?: object; readonly behaviour?: object } {
  const contract = { ...keyMembers(traits), ...contractMembers(traits), ...versionMembers(traits) };
  const behaviour = behaviourMembers(traits);
  return {
    ...(Object.keys(contract).length === 0 ? {} : { contract }),
    ...(Object.keys(behaviour).length === 0 ? {} : { behaviour }),
  };
}

function keyMembers({ key, missing }: Traits): object {
  const [carrier = ''] = wordsOf(key);
  const [place, ...name] = carrier.split(' ');
  const statuses = statusesOf(missing);
  const required = missing === undefined ? {} : { required: statuses.length > 0 };
  const own = { ...(key === undefined ? {} : { in: place, name: name.join(' ') }), ...required };
  return {
    ...(Object.keys(own).length === 0 ? {} : { key: own }),
    ...(statuses.length === 0 ? {} : { missing: one(statuses) }),
  };
}

function contractMembers(traits: Traits): object {
  const { inflight, mismatch, replayMode, replayStatus, marker, scope, expired } = traits;
  const [header, value] = splitMarker(wordsOf(marker)[0]);
  const stored = storedFrom(wordsOf(traits.refusals)[0], wordsOf(traits.errors)[0]);
  return {
    ...(inflight === undefined
      ? {}
      : { inflight: { statuses: statusesOf(inflight), mayWait: wordsOf(inflight).includes('waits') } }),
    ...(mismatch === undefined ? {} : { mismatch: mismatchOf(mismatch) }),
    ...(replayMode === undefined ? {} : { replayMode: wordsOf(replayMode)[0] }),
    ...(replayStatus === undefined ? {} : { replayStatuses: statusesOf(replayStatus) }),
    ...(header === undefined || header === 'none' ? {} : { marker: { header, ...(value === '' ? {} : { value }) } }),
    ...(stored === null ? {} : { errorsStored: stored }),
    ...(scope === undefined ? {} : { scope: wordsOf(scope)[0] }),
    ...(statusesOf(expired).length === 0 ? {} : { expired: one(statusesOf(expired)) }),
  };
}

function versionMembers({ outdatedWrite, unversionedWrite, deleteMissing }: Traits): object {
  const missing = wordsOf(unversionedWrite).includes('permitted') ? 'permitted' : one(statusesOf(unversionedWrite));
  const mismatch = one(statusesOf(outdatedWrite));
  const etag = {
    ...(mismatch === undefined ? {} : { mismatch }),
    ...(missing === undefined ? {} : { missing }),
  };
  return {
    ...(deleteMissing === undefined ? {} : { deleteMissing: one(statusesOf(deleteMissing)) }),
    ...(Object.keys(etag).length === 0 ? {} : { etag }),
  };
}

function behaviourMembers(traits: Traits): object {
  const { lifetime, marker } = traits;
  const words = (['rewrittenJson', 'refusals', 'errors', 'endpoints', 'paths'] as const).flatMap(name => {
    const value = traits[name];
    return value === undefined || isLifetime(value) ? [] : [[name, value[0]] as const];
  });
  return {
    ...(lifetime === undefined || !isLifetime(lifetime) ? {} : { lifetime: lifetimeOf(lifetime) }),
    ...(wordsOf(marker).includes('none') ? { marker: 'none' } : {}),
    ...Object.fromEntries(words),
    ...(wordsOf(traits.expired).includes('executed') ? { expired: 'executed' } : {}),
    ...(wordsOf(traits.outdatedWrite).includes('applied') ? { outdatedWrite: 'applied' } : {}),
  };
}

function lifetimeOf({ atLeast, below }: { readonly atLeast: number; readonly below: number | null }): object {
  return { atLeast: durationText(atLeast), ...(below === null ? {} : { below: durationText(below) }) };
}

function mismatchOf(value: TraitValue): object {
  const words = wordsOf(value);
  if (words.includes('replays')) return { action: 'replay-original' };
  return words.includes('executes') ? { action: 'execute' } : { statuses: statusesOf(value), action: 'reject' };
}

/** What the contract of a spec says of stored refusals and errors; `null` where only one of them was seen. */
function storedFrom(refusals: string | undefined, errors: string | undefined): string | null {
  const isKnown = (refusals === 'freed' || refusals === 'stored') && (errors === 'freed' || errors === 'stored');
  if (!isKnown) return null;
  if (refusals === 'stored') return errors === 'stored' ? 'all' : '4xx-only';
  return errors === 'stored' ? 'after-execution' : 'success-only';
}

function splitMarker(mark: string | undefined): readonly [name: string | undefined, value: string] {
  const [, name, value = ''] = /^([^:]+)(?::\s*(.*))?$/s.exec(mark ?? '') ?? [];
  return [name, value];
}

function statusesOf(value: TraitValue | undefined): readonly number[] {
  return value === undefined || isLifetime(value) ? [] : value.filter(item => typeof item === 'number');
}

function wordsOf(value: TraitValue | undefined): readonly string[] {
  return value === undefined || isLifetime(value) ? [] : value.filter(item => typeof item === 'string');
}

/** A single status by itself, several as a list. */
function one(statuses: readonly number[]): number | readonly number[] | undefined {
  return statuses.length < 2 ? statuses[0] : statuses;
}

/** Says beside each member what it means, in the words of the report. */
function comment(document: Document, path: readonly string[], traits: Traits): void {
  const places: readonly (readonly [readonly string[], TraitName])[] = [
    [['contract', 'key'], 'missing'],
    [['contract', 'inflight'], 'inflight'],
    [['contract', 'mismatch'], 'mismatch'],
    [['contract', 'replayMode'], 'replayMode'],
    [['contract', 'replayStatuses'], 'replayStatus'],
    [['contract', 'scope'], 'scope'],
    [['contract', 'deleteMissing'], 'deleteMissing'],
    [['behaviour', 'lifetime'], 'lifetime'],
    [['behaviour', 'marker'], 'marker'],
    [['behaviour', 'rewrittenJson'], 'rewrittenJson'],
    [['behaviour', 'refusals'], 'refusals'],
    [['behaviour', 'errors'], 'errors'],
    [['behaviour', 'endpoints'], 'endpoints'],
    [['behaviour', 'paths'], 'paths'],
  ];
  for (const [place, name] of places) {
    const value = traits[name];
    const node: unknown = document.getIn([...path, ...place], true);
    if (value !== undefined && (isScalar(node) || isMap(node) || isSeq(node))) node.comment = ` ${says(name, value)}`;
  }
}

function keyAt(document: Document, path: readonly string[]) {
  const holder: unknown = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  const pair = isMap(holder)
    ? holder.items.find(item => isScalar(item.key) && item.key.value === path.at(-1))
    : undefined;
  return pair !== undefined && isScalar(pair.key) ? pair.key : null;
}

/** Collections that hold nothing but scalars and lists of them stand on one line. */
function flowLeaves(node: unknown, depth: number): boolean {
  if (isSeq(node)) {
    node.flow = true;
    return true;
  }
  if (!isMap(node)) return isScalar(node);
  const isLeaf = node.items.map(({ value }) => flowLeaves(value as Node, depth + 1)).every(Boolean);
  const isSection = node.items.some(({ value }) => isMap(value));
  if (isLeaf && !isSection && depth > 1) node.flow = true;
  return isLeaf && node.flow === true;
}
