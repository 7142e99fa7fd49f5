import type { Contract, KeyCarrier } from '../core/contract.js';
import type { Contract as Written, Key } from '../generated/spec.js';
import { secondsOf } from './duration.js';
import type { Profile } from './profiles/profile.js';

/** One layer of what is promised: the file's, a resource's, an operation's. */
export interface Layer {
  readonly contract: Written | undefined;
  readonly key: Key | undefined;
}

/** Profile and layers merged, the most specific last and winning. */
export function mergeContract(profile: Profile, isChosen: boolean, layers: readonly Layer[]): Contract {
  const { keyForm, ...base } = profile.contract;
  const start: Contract = { profile: profile.name, profileChosen: isChosen, key: null, ...base };
  return layers.reduce<Contract>(
    (so, layer) => {
      const key = layer.key ?? layer.contract?.key;
      return withKeyLayer(withLayer(so, layer.contract), key, keyForm);
    },
    { ...start, mismatch: { ...start.mismatch, promised: isChosen || start.mismatch.promised } },
  );
}

function withLayer(so: Contract, layer: Written | undefined): Contract {
  if (layer === undefined) return so;
  const { ttl, ttlFloor, inflight, mismatch, missing, etag } = layer;
  return {
    ...so,
    ttl: ttl === undefined ? so.ttl : ttl === 'never' ? 'never' : (secondsOf(ttl) ?? so.ttl),
    ttlFloor: {
      fail: seconds(ttlFloor?.fail) ?? so.ttlFloor.fail,
      warn: seconds(ttlFloor?.warn) ?? so.ttlFloor.warn,
    },
    inflight: Array.isArray(inflight)
      ? { ...so.inflight, statuses: inflight }
      : { statuses: inflight?.statuses ?? so.inflight.statuses, mayWait: inflight?.mayWait ?? so.inflight.mayWait },
    mismatch: Array.isArray(mismatch)
      ? { statuses: mismatch, action: 'reject', promised: true }
      : mismatch === undefined
        ? so.mismatch
        : { statuses: mismatch.statuses ?? so.mismatch.statuses, action: mismatch.action ?? 'reject', promised: true },
    missing: Array.isArray(missing) ? { statuses: missing } : { statuses: missing?.statuses ?? so.missing.statuses },
    replayMode: layer.replayMode ?? so.replayMode,
    replayStatuses: layer.replayStatuses ?? so.replayStatuses,
    marker: layer.marker === undefined ? so.marker : { header: layer.marker.header, value: layer.marker.value ?? null },
    deleteMissing: layer.deleteMissing ?? so.deleteMissing,
    etag: {
      mismatch: etag?.mismatch ?? so.etag.mismatch,
      missing: etag?.missing ?? so.etag.missing,
      comparison: etag?.comparison ?? so.etag.comparison,
    },
    inflightTimeout: seconds(layer.inflightTimeout) ?? so.inflightTimeout,
  };
}

function withKeyLayer(so: Contract, key: Key | undefined, form: KeyCarrier['form']): Contract {
  if (key === undefined) return so;
  if (key === false) return { ...so, key: null };
  const before = so.key ?? { in: 'header', name: 'Idempotency-Key', required: null, form };
  return {
    ...so,
    key: {
      in: key.in ?? before.in,
      name: key.name ?? before.name,
      required: key.required ?? before.required,
      form: key.form ?? before.form,
    },
  };
}

function seconds(duration: string | number | undefined): number | null {
  return duration === undefined ? null : secondsOf(duration);
}
