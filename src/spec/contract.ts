import type { Contract, KeyCarrier } from '../core/contract.js';
import type { Contract as Written, Key } from '../generated/spec.js';
import { secondsOf } from './duration.js';
import type { Profile } from './profiles/profile.js';

/** One layer of what is promised: the document's, the file's, a resource's, an operation's. */
export interface Layer {
  readonly contract?: Written | undefined;
  /** Wins over the key of the contract beside it. */
  readonly key?: Key | undefined;
  /** The document says that a changed payload is refused, and leaves the statuses to the profile. */
  readonly refusesMismatch?: boolean;
}

/** What a contract is merged for. */
export interface Merging {
  readonly profile: Profile;
  /** The user named the profile: it is a promise. */
  readonly isChosen: boolean;
  /** The operation creates or acts, by a method of the profile's key: it takes one unless a layer says otherwise. */
  readonly takesKey: boolean;
}

/** Profile and layers merged, the most specific last and winning. */
export function mergeContract({ profile, isChosen, takesKey }: Merging, layers: readonly Layer[]): Contract {
  const base = profile.contract;
  const { methods: _, ...carrier } = profile.key;
  const start: Contract = {
    profile: profile.name,
    profileChosen: isChosen,
    key: isChosen && takesKey ? carrier : null,
    ...base,
    mismatch: { ...base.mismatch, promised: isChosen && base.mismatch.promised },
  };
  return layers.reduce<Contract>((so, { contract = {}, key, refusesMismatch = false }) => {
    const promised = refusesMismatch ? { ...so, mismatch: { ...so.mismatch, promised: true } } : so;
    return { ...withLayer(promised, contract), key: withKey(so.key, key ?? contract.key, carrier) };
  }, start);
}

function withLayer(so: Contract, layer: Written): Contract {
  const { ttl, ttlFloor, inflight, mismatch, missing, marker, etag } = layer;
  return {
    ...so,
    ttl: ttl === undefined ? so.ttl : ttl === 'never' || ttl === 'unknown' ? ttl : (secondsOf(ttl) ?? so.ttl),
    ttlFloor: {
      fail: seconds(ttlFloor?.fail) ?? so.ttlFloor.fail,
      warn: seconds(ttlFloor?.warn) ?? so.ttlFloor.warn,
    },
    ...expiredOf(layer.expired),
    inflight: { ...so.inflight, ...longForm(inflight) },
    mismatch: mismatch === undefined ? so.mismatch : withMismatch(so.mismatch, longForm(mismatch)),
    missing: { ...so.missing, ...longForm(missing) },
    replayMode: layer.replayMode ?? so.replayMode,
    replayStatuses: layer.replayStatuses ?? so.replayStatuses,
    errorsStored: layer.errorsStored ?? so.errorsStored,
    marker: marker === undefined ? so.marker : markerOf(marker),
    scope: layer.scope ?? so.scope,
    deleteMissing: statusesOf(layer.deleteMissing) ?? so.deleteMissing,
    etag: {
      mismatch: statusesOf(etag?.mismatch) ?? so.etag.mismatch,
      missing: typeof etag?.missing === 'string' ? 'permitted' : (statusesOf(etag?.missing) ?? so.etag.missing),
      comparison: etag?.comparison ?? so.etag.comparison,
    },
    inflightTimeout: seconds(layer.inflightTimeout) ?? so.inflightTimeout,
  };
}

function expiredOf(written: Written['expired']): Pick<Contract, 'expired'> {
  const statuses = statusesOf(written);
  return statuses === null ? {} : { expired: statuses };
}

type Mismatch = Contract['mismatch'];

/** What is written about a changed payload promises its refusal, unless it says that something else happens. */
function withMismatch(so: Mismatch, written: Partial<Mismatch>): Mismatch {
  const action = written.action ?? 'reject';
  return { statuses: written.statuses ?? so.statuses, action, promised: action === 'reject' };
}

/** `409`, `[409, 422]` and `{ statuses: [...], ... }` mean the same. */
function longForm<Long extends { readonly statuses?: number[] }>(
  written: number | number[] | Long | undefined,
): Partial<Long> | { readonly statuses: readonly number[] } {
  if (written === undefined) return {};
  if (typeof written === 'number') return { statuses: [written] };
  return Array.isArray(written) ? { statuses: written } : written;
}

/** One status or several as a list; `null` when there are none. */
export function statusesOf(written: number | readonly number[] | undefined): readonly number[] | null {
  if (written === undefined) return null;
  return typeof written === 'number' ? [written] : written;
}

function markerOf(written: NonNullable<Written['marker']>): Contract['marker'] {
  if (typeof written === 'string') return { header: written, value: null };
  return { header: written.header, value: written.value ?? null };
}

/** A key that is said to travel elsewhere than in the layers before starts anew. */
function withKey(so: KeyCarrier | null, key: Key | undefined, carrier: KeyCarrier): KeyCarrier | null {
  if (key === undefined) return so;
  if (key === false) return null;
  const isElsewhere = key !== true && key.in !== undefined && key.in !== carrier.in;
  const usual: KeyCarrier = isElsewhere
    ? { in: 'header', name: 'Idempotency-Key', required: null, form: 'raw' }
    : carrier;
  if (key === true) return so ?? usual;
  const base = so !== null && (key.in === undefined || key.in === so.in) ? so : usual;
  const place = key.in ?? base.in;
  return {
    in: place,
    name: key.name ?? base.name,
    required: key.required ?? base.required,
    form: key.form ?? (place === 'header' ? base.form : 'raw'),
  };
}

function seconds(duration: string | number | undefined): number | null {
  return duration === undefined ? null : secondsOf(duration);
}
