import type { Resource } from '../../generated/spec.js';
import { textMember } from '../data.js';
import { recordIn, step, type Found } from './answers.js';
import type { ApiDocument, Node } from './document.js';
import type { Family } from './group.js';
import type { Notebook } from './notebook.js';
import { successOf, type ApiOperation } from './operations.js';

/** Where the version travels: as a member that a change names, else as a documented ETag with If-Match. */
export function versionOf(
  { name, read, replace, update, remove }: Family,
  document: ApiDocument,
  notebook: Notebook,
): Pick<Resource, 'version'> {
  const shown = read ?? replace ?? update;
  const tagged = shown === null ? null : successOf(shown);
  const changes = [update, replace].flatMap(one =>
    one === null || read === null ? [] : [lockIn(document, read, one)],
  );
  const removed = remove === null || read === null ? null : etagIn(document, read, remove);
  const lock = changes.find(one => one !== null) ?? removed;
  if (lock != null) {
    notebook.guess({ resource: name }, 'version', `body ${lock.value}`, lock);
    return { version: { in: 'body', name: lock.value } };
  }
  if (tagged?.headers.includes('etag') !== true) return {};
  const writes = [replace, update, remove].flatMap(one => one?.parameters ?? []);
  const condition = writes.find(one => one.in === 'header' && /^if-match$/i.test(one.name));
  if (condition === undefined) return {};
  const reason = 'the read declares ETag, and a write takes If-Match';
  notebook.guess({ resource: name }, 'version', 'header ETag', { reason, node: condition.node });
  return { version: { in: 'header' } };
}

const LOCK = /^(etag|lock_?version|row_?version)$/i;
const OF_A_LOCK = /outdated|stale|conflict|concurren|optimistic|lost update/i;

/** The JSONPath of an `etag` that a read shows and a DELETE takes as a parameter (AIP-135). */
function etagIn(document: ApiDocument, read: ApiOperation, remove: ApiOperation): Found<string> | null {
  const { at, properties } = recordIn(document, successOf(read)?.content?.schema ?? null);
  const node = remove.parameters.find(one => one.in === 'query' && one.name === 'etag')?.node;
  if (node === undefined || !properties.has('etag')) return null;
  return { value: `$${at}${step('etag')}`, reason: 'the read shows it, and DELETE takes it', node };
}

/**
 * The JSONPath of the version that a change names in its body and a read shows. A field that is merely called `version`
 * is data, unless its description says what becomes of an outdated one.
 */
function lockIn(document: ApiDocument, read: ApiOperation, write: ApiOperation): Found<string> | null {
  const [shown, sent] = [successOf(read)?.content?.schema, write.body?.schema].map(one =>
    recordIn(document, one ?? null),
  );
  if (shown === undefined || sent === undefined || shown.at !== sent.at) return null;
  const isLock = ([name, node]: readonly [string, Node]) =>
    shown.properties.has(name) &&
    (LOCK.test(name) || (/^version$/i.test(name) && OF_A_LOCK.test(textMember(node.value, 'description') ?? '')));
  const found = [...sent.properties].find(isLock);
  if (found === undefined) return null;
  const [name, node] = found;
  return { value: `$${sent.at}${step(name)}`, reason: 'the read shows it, and a change names it', node };
}
