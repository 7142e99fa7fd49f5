import type { Flaw } from '../flaw.js';

export const replayOkInsteadOfCreated: Flaw = {
  id: 'replay-ok-instead-of-created',
  title: 'The first answer is 201, a retry gets 200 with the same body.',
  exposes: { check: 'key-replay-response', code: 'status-changed', resource: 'order' },
  hooks: base => ({
    replay: async (attempt, stored) => ({ ...(await base.replay(attempt, stored)), status: 200 }),
  }),
};
