import { idOf, json, problem, withReplyHeader, type Reply } from '../reply.js';
import { asyncDocument } from './async-document.js';
import { parsedBody, withoutHeaders, withValue } from './body.js';
import { isOfShop, restyledResource } from './resource.js';
import type { Asked, Style, Surroundings } from './style.js';

/** How long a record takes to come up, milliseconds. */
const LAG_MS = 200;

/** What a POST starts: where its record will be, and since when it is on its way. */
interface Operation {
  readonly place: string;
  readonly sinceMs: number;
}

/** A POST of a record starts an operation (202), which is polled at /operations/{id}; the record comes up meanwhile. */
export const async: Style = {
  name: 'async',
  title: '202 with an operation to poll; the record comes up later',
  choices: { createAnswer: 'representation', lagMs: LAG_MS, replayStatus: 'same', shop: false },
  isTagged: true,
  open,
  document: asyncDocument,
  resource: (plain, kind) => (isOfShop(kind) ? null : restyledResource(plain, { id: `$.${kind}_id` })),
};

function open({ basePath, clock }: Surroundings) {
  const operations = new Map<string, Operation>();

  const started = (reply: Reply, kind: string): Reply => {
    const { location: place } = reply.headers;
    const id = idOf(reply);
    const operation = `op-${id}`;
    if (place !== undefined && !operations.has(operation)) operations.set(operation, { place, sinceMs: clock.nowMs() });
    const described = withoutHeaders(reply, 'etag', 'content-length');
    const value = { operation: { id: operation, status: 'running' }, [`${kind}_id`]: id };
    const accepted = {
      ...(parsedBody(reply) === undefined ? described : withValue(described, value)),
      status: reply.status === 201 ? 202 : reply.status,
    };
    return place === undefined
      ? accepted
      : withReplyHeader(accepted, 'location', `${basePath}/operations/${operation}`);
  };

  const polled = (path: string): Reply => {
    const id = path.replace('/operations/', '');
    const found = operations.get(id);
    if (found === undefined) return problem(404, 'not-found', 'There is no such operation');
    const isOver = clock.nowMs() - found.sinceMs >= LAG_MS;
    return json(200, isOver ? { id, status: 'succeeded', resource: found.place } : { id, status: 'running' });
  };

  return {
    toPlain: (asked: Asked) => (asked.path.startsWith('/operations/') ? polled(asked.path) : asked),
    toWire: (reply: Reply, { method, path }: Asked) => {
      const kind = /\/(order|account|note)s$/.exec(path)?.[1];
      const isStarted = method === 'POST' && kind !== undefined && [200, 201].includes(reply.status);
      return isStarted ? started(reply, kind) : reply;
    },
  };
}
