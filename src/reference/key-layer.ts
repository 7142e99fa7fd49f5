import type { Attempt, Behaviour, KeyBehaviour } from './behaviour.js';
import { members } from './drafts.js';
import type { StoredReply } from './idempotency-store.js';
import { fingerprint, type Incoming } from './incoming.js';
import { problem, type Reply } from './reply.js';
import type { Choices } from './choices.js';
import type { World } from './world.js';

/** Name of the key in the header. */
export const KEY_HEADER = 'idempotency-key';

/** Name of the key in the body. */
export const KEY_MEMBER = 'request_id';

// What a client needs to go on from a replay; request ids, cookies and dates belong to one answer alone.
const KEPT_HEADERS = [
  'content-type',
  'content-location',
  'etag',
  'link',
  'location',
  'operation-location',
  'retry-after',
];

const LONGEST_WAIT_MS = 30_000;
const POLL_MS = 5;

/** Takes a creating request through the key layer. */
export async function keyed(
  request: Incoming,
  { clock, upstream, choices }: World,
  behaviour: Behaviour,
  act: () => Promise<Reply>,
): Promise<Reply> {
  const execute = () => upstream.through(act);
  if (!choices.keyed) return upstream.delivered(await execute());
  const given = keyOf(request, choices.keyIn);
  if (given === null) return behaviour.keyMissing(request, execute);
  const parsedKey = parsed(given);
  const key = parsedKey ?? given;
  const sinceMs = clock.nowMs();
  const attempt: Attempt = {
    key: `${request.caller} ${endpointOf(request)} ${key}`,
    given: key,
    fingerprint: fingerprint(request),
    incoming: request,
    sinceMs,
    execute,
  };
  if (parsedKey === null) return behaviour.keyInvalid(attempt);
  return upstream.delivered(await behaviour.keyLayer(attempt));
}

/** What a key is good for, beside its caller: a method and a path, ids included. */
export function endpointOf({ method, target }: Incoming): string {
  return `${method} ${target.split('?')[0] ?? ''}`;
}

/** The key layer of a correct API. */
export function keyBehaviour(world: World, self: () => Behaviour): KeyBehaviour {
  const { clock, operations, store, choices } = world;
  const finished = new Set<string>();
  let isLimited = false;
  return {
    ttlSeconds: choices.ttlSeconds,
    pendingMs: null,
    storeKey: attempt => attempt.key,
    restarted: () => undefined,
    limited: () => {
      isLimited = true;
    },

    async keyLayer(attempt) {
      if (isLimited) {
        isLimited = false;
        return problem(429, 'rate', 'Too many requests', { headers: { 'retry-after': '1' } });
      }
      const begun = await store.begin(self().storeKey(attempt), attempt.fingerprint, self().pendingMs ?? undefined);
      if (begun.kind === 'new') {
        if (choices.expiredStatus === null) return first(attempt, begun.token, world, self());
        const isOver = finished.has(attempt.key);
        const execute = isOver ? async () => expiredKey(choices.expiredStatus ?? 410) : attempt.execute;
        const reply = await first({ ...attempt, execute }, begun.token, world, self());
        if (reply.status < 300) finished.add(attempt.key);
        return reply;
      }
      const stored = begun.kind === 'done' ? begun.response : null;
      if (begun.fingerprint !== attempt.fingerprint) return self().mismatch(attempt, stored);
      return stored === null ? self().inFlight(attempt) : self().replay(attempt, stored);
    },

    keyMissing: (_, execute) => (choices.keyRequired ? missingKey(choices.missingStatus) : execute()),

    keyInvalid: () => invalidKey(),

    replay: (_, stored) => {
      const { status, headers, body } = operations.startedAgain(stored);
      return {
        status: choices.replayStatus === 'same' ? status : choices.replayStatus,
        headers: choices.replayMarker === null ? headers : { ...headers, [choices.replayMarker]: 'true' },
        body,
      };
    },

    mismatch: () =>
      problem(choices.mismatchStatus, 'key-reused', 'The idempotency key was used with another request', {
        detail: 'Send the request as it was the first time, or use a new key.',
      }),

    async inFlight(attempt) {
      const waitedMs = clock.nowMs() - attempt.sinceMs;
      if (choices.inflight === 'reject' || waitedMs > LONGEST_WAIT_MS) return stillRunning(choices.inflightStatus);
      await clock.sleep(POLL_MS);
      return self().keyLayer(attempt);
    },
  };
}

/** What is kept of an answer. */
export function kept({ status, headers, body }: Reply): StoredReply {
  return {
    status,
    headers: Object.fromEntries(Object.entries(headers).filter(([name]) => KEPT_HEADERS.includes(name))),
    body,
  };
}

/** The refusal of a request without a key (draft-ietf-httpapi-idempotency-key-header-07 section 2.7). */
export function missingKey(status: number): Reply {
  return problem(status, 'key-missing', 'An idempotency key is required', {
    detail: 'Send a new UUID as Idempotency-Key with each new operation, and the same one with each retry.',
  });
}

// An answer that had an effect is kept. A refusal had none: it frees the key, so that a corrected request may use it,
// unless the API stores refusals.
async function first(attempt: Attempt, token: string, { store, choices }: World, behaviour: Behaviour): Promise<Reply> {
  const key = behaviour.storeKey(attempt);
  try {
    const reply = await attempt.execute();
    if (!isStored(reply.status, choices)) await store.abandon(key, token);
    else {
      const { fingerprint: print } = attempt;
      await store.finish(key, { token, fingerprint: print, response: kept(reply), ttlSeconds: behaviour.ttlSeconds });
    }
    return reply;
  } catch (error) {
    await store.abandon(key, token);
    throw error;
  }
}

// What passes by itself is not stored by anybody who means well.
const PASSING = [401, 403, 429, 502, 503, 504];

function isStored(status: number, { errorsStored }: Choices): boolean {
  if (status < 300) return true;
  if (errorsStored === 'none' || PASSING.includes(status)) return false;
  return errorsStored === 'all' || status < 500;
}

function keyOf(request: Incoming, place: 'header' | 'body'): string | null {
  if (place === 'header') return request.headers.get(KEY_HEADER);
  const given = members(request.body).value?.[KEY_MEMBER];
  return given === undefined || given === null ? null : String(given);
}

// Raw keys and Structured Field strings (draft section 2.1) are both understood; the quotes are not part of the key.
function parsed(given: string): string | null {
  const text = /^"(.*)"$/.exec(given)?.[1] ?? given;
  return /^[\x21\x23-\x2b\x2d-\x7e]{1,255}$/.test(text) ? text : null;
}

function invalidKey(): Reply {
  return problem(400, 'key-invalid', 'The idempotency key is not valid', {
    detail: 'A key has 1 to 255 printable ASCII characters, no space, no comma, no quotes.',
  });
}

function expiredKey(status: number): Reply {
  return problem(status, 'key-expired', 'The lifetime of this idempotency key is over', {
    detail: 'Look whether the first request took effect before sending it again with a new key.',
  });
}

function stillRunning(status: number): Reply {
  return problem(status, 'key-in-flight', 'A request with this idempotency key is still being worked on', {
    detail: 'Send it again in a moment.',
    headers: { 'retry-after': '1' },
  });
}
