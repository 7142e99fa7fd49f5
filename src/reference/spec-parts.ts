import type { Declared } from './declared.js';
import { KEY_MEMBER } from './key-layer.js';
import type { Choices } from './choices.js';

/** What a description is written from. */
export interface Material {
  readonly prefix: string;
  readonly choices: Choices;
  readonly declared: Declared;
  readonly named: (kind: string) => string;
}

/** Where the id of a new record stands. */
export function idOf({ createAnswer }: Choices): string | object {
  return createAnswer === 'empty' || createAnswer === 'accepted' ? { header: 'Location' } : '$.id';
}

/** A list, where the API has one. */
export function listOf({ list, listFilter }: Choices, target: string): object {
  const asked = listFilter === 'ignored' ? target.split('?')[0] : target;
  return list ? { list: { request: `GET ${asked}`, items: '$.items' } } : {};
}

/** The key that an operation takes; `false` = none. */
export function key({ choices, declared }: Material): object | false {
  if (!declared.keyed) return false;
  const { keyRequired: required } = declared;
  const name = choices.keyIn === 'header' ? 'Idempotency-Key' : KEY_MEMBER;
  return { in: choices.keyIn, name, ...(required === null ? {} : { required }) };
}

/** What the API promises. */
export function contract(described: Material): object {
  const { deleteMissing } = described.choices;
  return {
    ...(described.declared.keyed ? keyContract(described) : {}),
    // 410 is for what was there once; what never was is 404.
    deleteMissing: deleteMissing === 410 ? [410, 404] : [deleteMissing],
    ...etagContract(described.declared),
  };
}

function keyContract({ choices, declared }: Material): object {
  return {
    ...(declared.ttlSeconds === null
      ? {}
      : { ttl: declared.ttlSeconds === Infinity ? 'never' : `${declared.ttlSeconds}s` }),
    ...(declared.expiredStatus === null ? {} : { expired: [declared.expiredStatus] }),
    ...(declared.errorsStored === null ? {} : { errorsStored: declared.errorsStored }),
    inflight: { statuses: [choices.inflightStatus], mayWait: choices.inflight === 'wait' },
    ...(declared.inflightTimeoutSeconds === null ? {} : { inflightTimeout: `${declared.inflightTimeoutSeconds}s` }),
    mismatch: { statuses: [choices.mismatchStatus], action: 'reject' },
    missing: [choices.missingStatus],
    ...(declared.replays ? { replayMode: 'same' } : {}),
    ...(choices.replayStatus === 'same' ? {} : { replayStatuses: [choices.replayStatus] }),
    ...(choices.replayMarker === null ? {} : { marker: { header: choices.replayMarker, value: 'true' } }),
  };
}

function etagContract({ preconditionRequired }: Declared): object {
  if (preconditionRequired === null) return {};
  return { etag: { mismatch: [412], missing: preconditionRequired ? [428] : 'permitted' } };
}
