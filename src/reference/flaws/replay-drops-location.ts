import type { Flaw } from '../flaw.js';

export const replayDropsLocation: Flaw = {
  id: 'replay-drops-location',
  title: 'A retry is answered with status and body of the first answer, but without its Location.',
  exposes: { check: 'key-replay-headers', code: 'header-lost', resource: 'order' },
  hooks: base => ({
    replay: async (attempt, stored) => {
      const { headers, ...reply } = await base.replay(attempt, stored);
      return { ...reply, headers: Object.fromEntries(Object.entries(headers).filter(([name]) => name !== 'location')) };
    },
  }),
};
