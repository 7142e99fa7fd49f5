import type { Operation } from '../core/operation.js';
import type { Result } from '../core/report.js';
import type { Lack } from '../spec/openapi/overlay.js';

/** The usual lifetime, where nothing promises another. */
const USUAL_TTL = '24h';

/** What an overlay can add, and what it cannot. */
export interface Lacks {
  readonly lacks: readonly Lack[];
  readonly beyond: readonly { readonly operation: string; readonly why: string }[];
}

/** What the documentation checks found missing, operation by operation. */
export function lacksIn(results: readonly Result[], operations: ReadonlyMap<string, Operation>): Lacks {
  const all = [...operations.values()].map(operation => {
    const findings = results
      .filter(result => result.operation === operation.name)
      .flatMap(({ findings: own }) => own.map(({ code, args }) => ({ code, args })));
    return { operation, findings };
  });
  const wanting = all.filter(({ findings }) => findings.length > 0);
  const lacks = wanting.flatMap(({ operation, findings }) => lackOf(operation, findings) ?? []);
  const beyond = wanting.flatMap(({ operation, findings }) => {
    const isElsewhere = operation.documented?.page?.target === null;
    const isUnsafe = findings.some(
      ({ code }) => code === 'verb-in-path' || code === 'verb-in-name' || code === 'body-on-read',
    );
    return [
      ...(isElsewhere ? ['stands in another file than the document, which an overlay does not reach'] : []),
      ...(isUnsafe ? ['an overlay cannot make it a read: give it another method, or another name'] : []),
    ].map(why => ({ operation: operation.name, why }));
  });
  return { lacks, beyond };
}

type Told = Pick<Result['findings'][number], 'code' | 'args'>;

function lackOf(operation: Operation, findings: readonly Told[]): Lack | null {
  const page = operation.documented?.page;
  if (page?.target === null || page === undefined) return null;
  const has = (code: string) => findings.some(finding => finding.code === code);
  const { contract } = operation;
  const key = has('key-undeclared');
  // A key that is added needs all that belongs to one.
  const added = key ? [contract.inflight.statuses[0] ?? 409, contract.mismatch.statuses[0] ?? 422] : [];
  const declared = new Set(page.responses.map(({ status }) => status.toUpperCase()));
  const isRanged = declared.has('4XX') || declared.has('DEFAULT');
  const named = findings.flatMap(({ args }) => String(args['statuses'] ?? '').split(' ')).filter(text => text !== '');
  const statuses = [...new Set([...(isRanged ? [] : added.map(String)), ...named])].filter(one => !declared.has(one));
  const ttl = key || has('expiry-unpublished') ? ttlOf(operation, key) : null;
  const responses = statuses.map(status => ({ status, description: descriptionOf(status, operation) }));
  return !key && ttl === null && responses.length === 0 ? null : { target: page.target, key, ttl, responses };
}

function ttlOf({ contract, documented }: Operation, isNew: boolean): string | null {
  if (isNew && documented?.page?.expiry != null) return null;
  return typeof contract.ttl === 'number' ? `${contract.ttl}s` : USUAL_TTL;
}

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  400: 'The idempotency key is missing.',
  409: 'A request with this key is still being worked on.',
  412: 'The resource has changed since the version in If-Match.',
  422: 'The key was used before with another payload.',
  428: 'If-Match is missing.',
};

function descriptionOf(status: string, { method }: Operation): string {
  if (method === 'DELETE' && (status === '404' || status === '410')) return 'There is nothing (any more) to delete.';
  return DESCRIPTIONS[status] ?? `Answered with ${status}.`;
}
