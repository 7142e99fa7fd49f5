import { outgoing } from '../core/arrange.js';
import { header, isAnswered, isSuccess, statusOf, withHeader } from '../core/http.js';
import type { Operation } from '../core/operation.js';
import type { Resource } from '../core/resource.js';
import type { Leftover } from '../core/report.js';
import type { Callers } from '../core/transport.js';
import { Trouble } from '../core/trouble.js';
import { listOracle } from '../oracle/list/list.js';
import { readOnce } from './effects.js';
import type { Created, Unsettled } from './ledger.js';
import type { Session } from './session.js';

const PLACE = { result: 'clean-up', step: 'clean-up', attempt: 1, round: 0 } as const;

/**
 * Deletes what the run created, each record as its own caller, creates without an answer included, and tears down what
 * was set up. Resources go side by side, what lies below a resource before it; the records of one go one by one, last
 * created first. What could not be deleted, or found, comes back.
 */
export async function cleanUp(
  session: Session,
  callers: Callers,
  baseUrl: string,
  isKept: (record: Created) => boolean = () => false,
): Promise<readonly Leftover[]> {
  const unknown: Leftover[] = [];
  for (const unsettled of session.ledger.lost()) {
    if (await foundIn(session, callers, unsettled)) continue;
    const { resource, scope } = unsettled;
    unknown.push({ resource: resource.name, id: `unknown (${scope.marker})`, url: baseUrl });
  }
  const kept: Created[] = [];
  const gone: Created[] = [];
  await eachFromBelow(
    session.ledger.all().filter(record => !isKept(record)),
    async record => {
      if (await removed(session, callers, record)) {
        session.ledger.remove(record);
        gone.push(record);
      } else kept.push(record);
    },
  );
  for (const unsettled of session.ledger.setUps().toReversed()) await tornDown(session, callers, unsettled);
  // What another caller was shown of the run's own record was never that caller's to delete.
  const isShown = ({ identity, resource, id }: Created) =>
    identity !== undefined &&
    gone.some(one => one.identity === undefined && one.resource === resource && one.id === id);
  const left = kept
    .filter(record => !isShown(record))
    .map(record => ({ resource: record.resource.name, id: record.id, url: addressOf(record, baseUrl) }));
  return [...unknown, ...left];
}

/** Takes the records of each resource in turn, once those of the resources below it are done. */
async function eachFromBelow(records: readonly Created[], take: (record: Created) => Promise<void>): Promise<void> {
  const done = new Map<Resource, Promise<void>>();
  const resources = [...new Set(records.map(({ resource }) => resource))];
  const finish = (resource: Resource): Promise<void> => {
    const started = done.get(resource) ?? allOf(resource);
    done.set(resource, started);
    return started;
  };
  async function allOf(resource: Resource): Promise<void> {
    await Promise.all(
      resources.filter(({ parents }) => parents.some(({ name }) => name === resource.name)).map(finish),
    );
    for (const record of records.filter(one => one.resource === resource).toReversed()) await take(record);
  }
  await Promise.all(resources.map(finish));
}

/** Looks a create without an answer up by its marker; `false` when no list can tell what it made. */
async function foundIn(session: Session, callers: Callers, unsettled: Unsettled): Promise<boolean> {
  const { resource, scope, identity } = unsettled;
  const { list, create } = resource;
  if (list === null || create === null || !create.marked) return false;
  const counted = { round: 0, resource, operation: create, scope, seen: [], since: null };
  const [reading] = await readOnce('clean-up', [counted], {
    oracleOf: () => listOracle(list),
    send: (sent, _, next) => session.send({ ...sent, ...as(identity) }, PLACE, callers, next),
    runCommand: async () => ({ stdout: '', trouble: 'no command is run here' }),
    sleep: async () => {},
    pause: async () => {},
    settleMs: 0,
    attempt: 1,
  });
  if (reading === undefined || reading.count === null) return false;
  // A record that shows no id is named by its whole text, which addresses nothing.
  const ids = reading.ids.filter(id => !/^[{["]/.test(id));
  session.ledger.found(unsettled, ids);
  return ids.length === reading.ids.length;
}

async function tornDown(session: Session, callers: Callers, { resource, scope, identity }: Unsettled): Promise<void> {
  for (const operation of resource.teardown) {
    try {
      const request = { ...outgoing(operation, scope), ...as(identity) };
      await session.send(request, { ...PLACE, step: `teardown ${operation.name}` }, callers);
    } catch (error) {
      if (!(error instanceof Trouble)) throw error;
    }
  }
}

function as(identity: string | undefined): { readonly identity?: string } {
  return identity === undefined ? {} : { identity };
}

async function removed(session: Session, callers: Callers, { resource, scope, identity }: Created): Promise<boolean> {
  const { remove, read } = resource;
  if (remove === null) return false;
  try {
    const request = { ...outgoing(remove, scope), ...as(identity) };
    const first = await session.send(request, PLACE, callers);
    if (isGone(statusOf(first)) || isSuccess(first)) return true;
    if (read === null || !isAnswered(first) || ![400, 409, 412, 428].includes(first.response.status)) return false;
    const current = await session.send({ ...outgoing(read, scope), ...as(identity) }, PLACE, callers);
    const tag = isAnswered(current) ? header(current.response, 'etag') : null;
    if (tag === null) return false;
    const guarded = { ...request, request: withHeader(request.request, 'If-Match', tag) };
    const second = await session.send(guarded, PLACE, callers);
    return isSuccess(second) || isGone(statusOf(second));
  } catch (error) {
    if (error instanceof Trouble) return false;
    throw error;
  }
}

function isGone(status: number | null): boolean {
  return status === 404 || status === 410;
}

/** Where a record lives, as well as it can be told. */
function addressOf({ resource, scope, id }: Created, baseUrl: string): string {
  const operation: Operation | null = resource.read ?? resource.remove ?? resource.replace ?? resource.update;
  try {
    return `${baseUrl.replace(/\/$/, '')}${operation === null ? `#${id}` : operation.build(scope).path}`;
  } catch (error) {
    if (error instanceof RangeError) return baseUrl;
    throw error;
  }
}
