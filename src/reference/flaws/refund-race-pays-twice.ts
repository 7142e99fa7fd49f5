import type { Flaw } from '../flaw.js';
import { kept } from '../key-layer.js';
import type { StoredReply } from '../idempotency-store.js';

export const refundRacePaysTwice: Flaw = {
  id: 'refund-race-pays-twice',
  title:
    'The key of a refund is looked up before the wallet is paid, and stored after it: of requests that meet all pay.',
  exposes: { check: 'key-concurrent-single-effect', code: 'duplicate-created', resource: 'payment' },
  choices: { shop: true },
  hooks: base => {
    const answers = new Map<string, StoredReply>();
    return {
      keyLayer: async attempt => {
        if (!attempt.incoming.target.endsWith('/refunds')) return base.keyLayer(attempt);
        const known = answers.get(attempt.key);
        if (known !== undefined) return base.replay(attempt, known);
        const reply = await attempt.execute();
        if (reply.status < 300) answers.set(attempt.key, kept(reply));
        return reply;
      },
    };
  },
};
