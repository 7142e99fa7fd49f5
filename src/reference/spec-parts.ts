import type { Declared } from './declared.js';
import { KEY_MEMBER } from './key-layer.js';
import type { Variant } from './variant.js';

/** What a description is written from. */
export interface Told {
  readonly prefix: string;
  readonly variant: Variant;
  readonly declared: Declared;
  readonly named: (kind: string) => string;
}

/** Where the id of a new record stands. */
export function idOf({ createAnswer }: Variant): string | object {
  return createAnswer === 'empty' || createAnswer === 'accepted' ? { header: 'Location' } : '$.id';
}

/** A list, where the API has one. */
export function listOf({ list }: Variant, target: string): object {
  return list ? { list: { request: `GET ${target}`, items: '$.items' } } : {};
}

/** The key that an operation takes; `false` = none. */
export function key({ variant, declared }: Told): object | false {
  if (!declared.keyed) return false;
  const { keyRequired: required } = declared;
  const name = variant.keyIn === 'header' ? 'Idempotency-Key' : KEY_MEMBER;
  return { in: variant.keyIn, name, ...(required === null ? {} : { required }) };
}

/** What the API promises. */
export function contract(told: Told): object {
  const { deleteMissing } = told.variant;
  return {
    ...(told.declared.keyed ? keyContract(told) : {}),
    // 410 is for what was there once; what never was is 404.
    deleteMissing: deleteMissing === 410 ? [410, 404] : [deleteMissing],
    ...etagContract(told.declared),
  };
}

function keyContract({ variant, declared }: Told): object {
  return {
    ...(declared.ttlSeconds === null
      ? {}
      : { ttl: declared.ttlSeconds === Infinity ? 'never' : `${declared.ttlSeconds}s` }),
    ...(declared.expiredStatus === null ? {} : { expired: [declared.expiredStatus] }),
    ...(declared.errorsStored === null ? {} : { errorsStored: declared.errorsStored }),
    inflight: { statuses: [variant.inflightStatus], mayWait: variant.inflight === 'wait' },
    ...(declared.inflightTimeoutSeconds === null ? {} : { inflightTimeout: `${declared.inflightTimeoutSeconds}s` }),
    mismatch: { statuses: [variant.mismatchStatus], action: 'reject' },
    missing: [variant.missingStatus],
    ...(declared.replays ? { replayMode: 'same' } : {}),
    ...(variant.replayStatus === 'same' ? {} : { replayStatuses: [variant.replayStatus] }),
    ...(variant.replayMarker === null ? {} : { marker: { header: variant.replayMarker, value: 'true' } }),
  };
}

function etagContract({ preconditionRequired }: Declared): object {
  if (preconditionRequired === null) return {};
  return { etag: { mismatch: [412], missing: preconditionRequired ? [428] : 'permitted' } };
}
