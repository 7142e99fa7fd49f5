import { header, isSuccess, statusOf, type Answered, type Exchange, type Response } from './http.js';
import type { Operation } from './operation.js';
import type { Outgoing, Resource } from './resource.js';
import { retryAfterMs } from './retry-after.js';
import { withValues, type Scope } from './scope.js';
import { later, send, type Probe } from './step.js';

/** The step that asks what became of a create that was only accepted. */
export const FOLLOWING = 'set-up follow';

/** The longest that a create is followed, and the longest wait between two looks, milliseconds. */
const BUDGET_MS = 30_000;
const LONGEST_WAIT_MS = 10_000;
/** Waits where the answer names none, milliseconds; the last one repeats. */
const WAITS_MS: readonly number[] = [100, 200, 400, 800];
/** Looks at most, however short the waits. */
const MOST_LOOKS = 60;

/** Headers that lead to the operation (Azure REST guidelines), before `Location`, which may lead to the record. */
const LINKS: readonly string[] = ['operation-location', 'azure-asyncoperation', 'location'];
/** Members that tell how far it is, and what they say meanwhile, and when it failed. */
const STATES: ReadonlySet<string> = new Set(['status', 'state', 'phase', 'provisioningstate']);
const UNDER_WAY =
  /^(pending|queued|accepted|running|processing|in[ _-]?progress|creating|provisioning|waiting|scheduled|not[ _-]?started|started|new|submitted|initializing)$/i;
const FAILED = /^(failed|failure|error|cancell?ed|aborted|rejected)$/i;

/** What a create is followed by. */
interface Followed {
  readonly resource: Resource;
  readonly create: Operation;
  readonly scope: Scope;
}

/** What became of a create. */
export interface Outcome {
  /** The answer that shows the record: that of the create, or the read that its operation led to. */
  readonly shown: Exchange;
  /** The id of the record, where following it told. */
  readonly id: string | null;
  /** When it was seen to be done, microseconds; that of the answer where nothing was followed. */
  readonly endAtUs: number;
}

/**
 * Follows a create that was only accepted (202) to its end: by the link to its operation, else by its record. Hands back
 * the answer of the create where there is nothing to follow, or its end was not seen in time. Waits as Retry-After asks,
 * within a budget.
 */
export function* followed(of: Followed, answer: Exchange): Probe<Outcome, typeof FOLLOWING> {
  const unknown: Outcome = { shown: answer, id: null, endAtUs: answer.endAtUs };
  if (!isSuccess(answer) || answer.response.status !== 202) return unknown;
  const target = linkOf(answer);
  const isRecord = target === null || idInLink(of.resource, target) !== null;
  const id = isRecord ? of.resource.id.of(answer.response) : null;
  const own = recordAt(of, id);
  const asked = own ?? (target === null ? null : getAt(of, target));
  if (asked === null) return unknown;
  let waitMs = waitAfter(answer, 0);
  let last: Exchange = answer;
  for (let look = 1; look <= MOST_LOOKS && last.endAtUs - answer.endAtUs < BUDGET_MS * 1000; look++) {
    yield* later('pending', waitMs, last.endAtUs);
    last = yield* send(FOLLOWING, asked);
    waitMs = waitAfter(last, look);
    if (!isOver(last)) continue;
    if (own !== null) return { ...unknown, id, endAtUs: last.endAtUs };
    return hasFailed(last) ? unknown : ((yield* readOf(of, idLeadTo(of, last))) ?? unknown);
  }
  return unknown;
}

/** The read of a record whose operation is done; a few looks, since it may lag a little. */
function* readOf(of: Followed, id: string | null): Probe<Outcome | null, typeof FOLLOWING> {
  const record = recordAt(of, id);
  if (record === null) return null;
  for (const waitMs of [0, ...WAITS_MS]) {
    if (waitMs > 0) yield* later('pending', waitMs);
    const read = yield* send(FOLLOWING, record);
    if (isSuccess(read)) return { shown: read, id, endAtUs: read.endAtUs };
  }
  return null;
}

/** Whether there is no more to wait for: neither "not there yet", nor "not now", nor a state on its way. */
function isOver(look: Exchange): boolean {
  const status = statusOf(look) ?? 0;
  if (status === 303) return true;
  return isSuccess(look) && status !== 202 && !isUnderWay(look.response);
}

/** Whether an answer says that what it shows is not finished. */
export function isUnderWay(response: Response): boolean {
  const body = parsed(response.body);
  return saysOf(body).some(({ name, value }) =>
    name === 'done' ? value === false : STATES.has(name) && typeof value === 'string' && UNDER_WAY.test(value),
  );
}

function hasFailed({ response }: Exchange): boolean {
  const body = response === null ? null : parsed(response.body);
  return saysOf(body).some(({ name, value }) => STATES.has(name) && typeof value === 'string' && FAILED.test(value));
}

/** The members of an answer, and of an object that wraps what it shows. */
function saysOf(body: unknown): readonly { readonly name: string; readonly value: unknown }[] {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return [];
  const own = Object.entries(body).map(([name, value]: [string, unknown]) => ({ name: name.toLowerCase(), value }));
  const wrapped = own.filter(({ name }) => ['data', 'operation', 'attributes', 'job'].includes(name));
  return [...own, ...wrapped.flatMap(({ value }) => saysOf(value))];
}

/** Where an answer leads: an address of the same server, absolute where that of its request is. */
function linkOf({ request, response }: Answered): string | null {
  const link = LINKS.map(name => header(response, name)).find(value => value !== null) ?? null;
  if (link === null || !URL.canParse(request.url)) return link?.startsWith('/') === true ? link : null;
  if (!URL.canParse(link, request.url)) return null;
  const url = new URL(link, request.url);
  return url.origin === new URL(request.url).origin ? url.href : null;
}

/** The id of the record that a finished operation leads to: by a link, in a redirect or in its body, or as its result. */
function idLeadTo({ resource }: Followed, look: Exchange): string | null {
  if (look.response === null) return null;
  const body = parsed(look.response.body);
  const links = [header(look.response, 'location') ?? '', ...textsIn(body)];
  const byLink = links.map(text => idInLink(resource, text)).find(id => id !== null) ?? null;
  if (byLink !== null) return byLink;
  const results = saysOf(body).filter(({ name }) => ['response', 'result', 'resource', 'output'].includes(name));
  for (const { value } of results) {
    if (typeof value !== 'object' || value === null) continue;
    const id = resource.id.of({ ...look.response, headers: [], body: JSON.stringify(value) });
    if (id !== null) return id;
  }
  return null;
}

function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** The id in a link to a record of the resource; `null` when it is none. */
function idInLink({ read }: Resource, link: string): string | null {
  const pattern = read?.path
    .split('?')[0]
    ?.split('/')
    .map(part => (/[{}]/.test(part) ? '([^/?#]+)' : part.replaceAll(/[.*+?^$()|[\]\\]/g, '\\$&')))
    .join('/');
  const found = pattern === undefined ? null : new RegExp(`${pattern}$`).exec(link.split(/[?#]/)[0] ?? '');
  return found?.at(-1) === undefined ? null : decodeURIComponent(found.at(-1) ?? '');
}

/** The read of the record with an id; `null` where it cannot be made. */
function recordAt({ resource: { read }, create, scope }: Followed, id: string | null): Outgoing | null {
  if (read === null || id === null || create.resource !== read.resource) return null;
  const within = withValues(scope, { id });
  try {
    return { operation: read, scope: within, request: read.build(within) };
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** A GET of an address that an answer gave. */
function getAt({ create, scope }: Followed, path: string): Outgoing {
  const request = { method: 'GET', path, headers: [], body: null } as const;
  const operation: Operation = {
    ...create,
    name: `${create.name} (its operation)`,
    method: 'GET',
    role: 'other',
    build: () => request,
    capture: () => ({}),
  };
  return { operation, scope, request };
}

function waitAfter({ response }: Exchange, look: number): number {
  const asked = response === null ? null : retryAfterMs(header(response, 'retry-after'), dateOf(response));
  return Math.min(asked ?? WAITS_MS[look] ?? WAITS_MS.at(-1) ?? 0, LONGEST_WAIT_MS);
}

/** The time of an answer by its own clock, milliseconds since 1970. */
function dateOf(response: Response): number {
  return Date.parse(header(response, 'date') ?? '') || 0;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
