import type { Contract } from '../core/contract.js';
import type {
  GroundPreflight,
  GroundOperation,
  GroundResource,
  Grounds,
  Sample,
  Surroundings,
} from '../core/grounds.js';
import { header } from '../core/http.js';
import type { RecordedContract } from '../core/observed-contract.js';
import type { Documented, Operation } from '../core/operation.js';
import type { Result } from '../core/report.js';
import { operationsOf, type Action, type Listing, type Resource } from '../core/resource.js';
import { sampleOf } from '../core/sample.js';
import type { Waiver } from '../core/spec.js';
import { redactTrouble } from './redact-report.js';
import type { Redaction } from './redact.js';

/** What of a run its grounds are made of. */
export interface GroundsContext extends Surroundings {
  readonly resources: readonly Resource[];
}

/** The grounds of results: no more of the spec than they were judged on. */
export function groundsOf(
  results: readonly Result[],
  { resources, ...surroundings }: GroundsContext,
  beside: {
    readonly strict: boolean;
    readonly waivers: readonly Waiver[];
    readonly recorded: RecordedContract | null;
  },
  redact: Redaction,
): Grounds {
  const { maxWaitMs, isAuthenticated, identities, hooks, hasStore } = surroundings;
  const contracts = createTable<Contract>();
  const named = groundResources(results, resources);
  return {
    maxWaitMs,
    strict: beside.strict,
    isAuthenticated,
    identities,
    hooks,
    hasStore,
    resources: named.map(({ resource, operations }) =>
      groundResource(
        resource,
        operations.map(operation => groundOperation(operation, resource, results, contracts.placeOf, redact)),
      ),
    ),
    contracts: contracts.items(),
    preflights: preflightsOf(results, redact),
    waivers: beside.waivers.map(waiver => ({ ...waiver, reason: redact.text(waiver.reason) })),
    recorded: beside.recorded === null ? null : writtenRecord(beside.recorded),
  };
}

function writtenRecord({ file, traits, operations }: RecordedContract): Grounds['recorded'] {
  return { file, traits, operations: operations === null ? null : Object.fromEntries(operations) };
}

/** Things that come again, each kept once. */
function createTable<Item>(): { readonly placeOf: (item: Item) => number; readonly items: () => readonly Item[] } {
  const places = new Map<string, number>();
  const items: Item[] = [];
  return {
    placeOf(item) {
      const text = JSON.stringify(item);
      const known = places.get(text);
      if (known !== undefined) return known;
      places.set(text, items.length);
      return items.push(item) - 1;
    },
    items: () => items,
  };
}

/**
 * The resources with results, their parents, and what takes a key wherever it is: a check of keys may have chosen it for
 * the other one of two operations.
 */
function groundResources(results: readonly Result[], resources: readonly Resource[]) {
  const own = new Set(results.map(({ resource }) => resource));
  const all = resources.map(resource => {
    const operations = operationsOf(resource);
    return { resource, operations: own.has(resource.name) ? operations : operations.filter(takesKey) };
  });
  const kept = all.filter(({ operations }) => operations.length > 0);
  const above = new Set(kept.flatMap(({ resource }) => resource.parents));
  return all.filter(one => kept.includes(one) || above.has(one.resource));
}

function takesKey({ contract, role }: Operation): boolean {
  return contract.key !== null && (role === 'create' || role.startsWith('action:'));
}

function groundResource(resource: Resource, operations: readonly GroundOperation[]): GroundResource {
  const { name, parents, id, version, volatile, count, gone } = resource;
  return {
    name,
    parents: parents.map(parent => parent.name),
    id: { chosenBy: id.chosenBy, places: id.places },
    version,
    volatile: volatile.map(({ text }) => text),
    isCounted: count !== null,
    gone: gone.kind === 'status' ? { statuses: gone.statuses } : { value: gone.value.text, equals: gone.equals },
    operations,
  };
}

function groundOperation(
  operation: Operation,
  resource: Resource,
  results: readonly Result[],
  placeOf: (contract: Contract) => number,
  redact: Redaction,
): GroundOperation {
  const { name, role, contract, payloads, unique, marked, documented, operationId, location } = operation;
  const own = results.filter(result => result.operation === name && result.resource === resource.name);
  const list = resource.list?.operation === operation ? listOf(resource.list) : null;
  const effect = effectOf(resource.actions.find(action => action.operation === operation));
  const isRead = own.some(({ check }) => check.startsWith('doc-'));
  return {
    name,
    role,
    contract: placeOf(contract),
    payloads: [...payloads],
    unique,
    marked,
    ...(list === null ? {} : { list }),
    ...(effect === null ? {} : { effect }),
    ...(own.length === 0 ? {} : { samples: samplesOf(operation, resource, redact) }),
    ...(documented === null ? {} : { documented: documentedIn(documented, isRead, redact) }),
    ...(operationId === null || !isRead ? {} : { operationId }),
    ...(location === null || own.length === 0 ? {} : { location }),
  };
}

function listOf({ items, filtered }: Listing): NonNullable<GroundOperation['list']> {
  return { items: items?.text ?? null, filtered };
}

function effectOf(action: Action | undefined): NonNullable<GroundOperation['effect']> | null {
  const effect = action?.effect ?? null;
  return effect === null ? null : { read: effect.read.name, value: effect.value.text };
}

function samplesOf(
  operation: Operation,
  resource: Resource,
  redact: Redaction,
): NonNullable<GroundOperation['samples']> {
  const samples = (['body', 'changed'] as const).flatMap((payload): readonly (readonly [string, Sample])[] => {
    const sample = sampleOf(operation, resource, payload);
    if (sample === null) return [];
    const body = sample.body === null ? null : redact.body(sample.body, 'utf8', false);
    return [[payload, { contentType: header(sample, 'content-type'), body }]];
  });
  return Object.fromEntries(samples);
}

/** Its words only where a check of the documentation read them. */
function documentedIn({ page, ...rest }: Documented, isRead: boolean, { text }: Redaction): Documented {
  if (page === undefined || !isRead) return rest;
  const { summary, description, responses, expiry } = page;
  return {
    ...rest,
    page: {
      ...page,
      summary: text(summary),
      description: text(description),
      responses: responses.map(one => ({ ...one, description: text(one.description) })),
      expiry: expiry === null ? null : { ...expiry, text: text(expiry.text) },
    },
  };
}

function preflightsOf(results: readonly Result[], redact: Redaction): readonly GroundPreflight[] {
  const found = new Map<string, GroundPreflight>();
  for (const { operation, resource, judgedBy } of results) {
    if (judgedBy === undefined) continue;
    const { preflight } = judgedBy;
    const trouble = preflight.trouble === null ? null : redactTrouble(preflight.trouble, redact);
    found.set(`${resource} ${operation}`, { resource, operation, preflight: { ...preflight, trouble } });
  }
  return [...found.values()];
}
