import { outgoing } from '../core/arrange.js';
import { header, isAnswered, isSuccess, statusOf, withHeader } from '../core/http.js';
import type { Operation } from '../core/operation.js';
import type { Leftover } from '../core/report.js';
import type { Credential } from '../core/transport.js';
import { Trouble } from '../core/trouble.js';
import { listOracle } from '../oracle/list.js';
import { readOnce } from './effects.js';
import type { Created, Unsettled } from './ledger.js';
import type { Session } from './session.js';

const PLACE = { result: 'clean-up', step: 'clean-up', attempt: 1, round: 0 } as const;

/**
 * Deletes what the run created, last created first, creates without an answer included, and tears down what was set
 * up. What could not be deleted, or found, comes back.
 */
export async function cleanUp(session: Session, credential: Credential, baseUrl: string): Promise<readonly Leftover[]> {
  const leftovers: Leftover[] = [];
  for (const unsettled of session.ledger.lost()) {
    if (await foundIn(session, credential, unsettled)) continue;
    const { resource, scope } = unsettled;
    leftovers.push({ resource: resource.name, id: `unknown (${scope.marker})`, url: baseUrl });
  }
  for (const record of session.ledger.all().toReversed()) {
    const url = addressOf(record, baseUrl);
    if (await removed(session, credential, record)) session.ledger.remove(record);
    else leftovers.push({ resource: record.resource.name, id: record.id, url });
  }
  for (const unsettled of session.ledger.setUps().toReversed()) await tornDown(session, credential, unsettled);
  return leftovers;
}

/** Looks a create without an answer up by its marker; `false` when no list can tell what it made. */
async function foundIn(session: Session, credential: Credential, { resource, scope }: Unsettled): Promise<boolean> {
  const { list, create } = resource;
  if (list === null || create === null || !create.marked) return false;
  const counted = { round: 0, resource, operation: create, scope, seen: [], since: null };
  const [reading] = await readOnce('clean-up', [counted], {
    oracleOf: () => listOracle(list),
    send: (sent, _, next) => session.send(sent, PLACE, credential, next),
    runCommand: async () => ({ stdout: '', trouble: 'no command is run here' }),
    sleep: async () => {},
    settleMs: 0,
    attempt: 1,
  });
  if (reading === undefined || reading.count === null) return false;
  session.ledger.found(resource, scope, reading.ids);
  return true;
}

async function tornDown(session: Session, credential: Credential, { resource, scope }: Unsettled): Promise<void> {
  for (const operation of resource.teardown) {
    try {
      await session.send(outgoing(operation, scope), { ...PLACE, step: `teardown ${operation.name}` }, credential);
    } catch (error) {
      if (!(error instanceof Trouble)) throw error;
    }
  }
}

async function removed(session: Session, credential: Credential, { resource, scope }: Created): Promise<boolean> {
  const { remove, read } = resource;
  if (remove === null) return false;
  try {
    const request = outgoing(remove, scope);
    const first = await session.send(request, PLACE, credential);
    if (isGone(statusOf(first)) || isSuccess(first)) return true;
    if (read === null || !isAnswered(first) || ![400, 409, 412, 428].includes(first.response.status)) return false;
    const current = await session.send(outgoing(read, scope), PLACE, credential);
    const tag = isAnswered(current) ? header(current.response, 'etag') : null;
    if (tag === null) return false;
    const guarded = { ...request, request: withHeader(request.request, 'If-Match', tag) };
    const second = await session.send(guarded, PLACE, credential);
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
