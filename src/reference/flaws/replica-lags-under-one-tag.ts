import type { Flaw } from '../flaw.js';

export const replicaLagsUnderOneTag: Flaw = {
  id: 'replica-lags-under-one-tag',
  title: 'Every other read comes from a copy that shows another status under the same strong tag.',
  exposes: { check: 'etag-stable', code: 'bytes-differ', resource: 'order' },
  hooks: base => {
    let reads = 0;
    return {
      represent: (record, use) => {
        const shown = base.represent(record, use);
        if (use !== 'read' || record.kind !== 'order') return shown;
        reads += 1;
        return reads % 2 === 0 ? { ...shown, status: 'pending' } : shown;
      },
    };
  },
};
