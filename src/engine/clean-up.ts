import { outgoing } from '../core/arrange.js';
import { header, isAnswered, isSuccess, statusOf, withHeader } from '../core/http.js';
import type { Operation } from '../core/operation.js';
import type { Leftover } from '../core/report.js';
import type { Credential } from '../core/transport.js';
import { Trouble } from '../core/trouble.js';
import type { Created } from './ledger.js';
import type { Session } from './session.js';

/** Deletes what the run created, last created first; what could not be deleted comes back. */
export async function cleanUp(
  session: Session,
  credential: Credential,
  baseUrl: string,
  isKept: (record: Created) => boolean = () => false,
): Promise<readonly Leftover[]> {
  const leftovers: Leftover[] = [];
  for (const record of session.ledger.all().toReversed()) {
    if (isKept(record)) continue;
    const url = addressOf(record, baseUrl);
    if (await removed(session, credential, record)) session.ledger.remove(record);
    else leftovers.push({ resource: record.resource.name, id: record.id, url });
  }
  return leftovers;
}

async function removed(session: Session, credential: Credential, { resource, scope }: Created): Promise<boolean> {
  const { remove, read } = resource;
  if (remove === null) return false;
  try {
    const place = { result: 'clean-up', step: 'clean-up', attempt: 1, round: 0 };
    const request = outgoing(remove, scope);
    const first = await session.send(request, place, credential);
    if (isGone(statusOf(first)) || isSuccess(first)) return true;
    if (read === null || !isAnswered(first) || ![400, 409, 412, 428].includes(first.response.status)) return false;
    const current = await session.send(outgoing(read, scope), place, credential);
    const tag = isAnswered(current) ? header(current.response, 'etag') : null;
    if (tag === null) return false;
    const guarded = { ...request, request: withHeader(request.request, 'If-Match', tag) };
    const second = await session.send(guarded, place, credential);
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
