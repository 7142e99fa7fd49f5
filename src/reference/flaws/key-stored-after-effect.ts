import type { Flaw } from '../flaw.js';
import type { StoredReply } from '../idempotency-store.js';
import { kept } from '../key-layer.js';

export const keyStoredAfterEffect: Flaw = {
  id: 'key-stored-after-effect',
  title: 'The key is stored when the work is done: requests that meet before that are all executed.',
  exposes: { check: 'key-concurrent-single-effect', code: 'duplicate-created', resource: 'order' },
  hooks: (base, { clock, windowMs }) => {
    const answers = new Map<string, { readonly fingerprint: string; readonly response: StoredReply }>();
    return {
      async keyLayer(attempt) {
        const known = answers.get(attempt.key);
        if (known?.fingerprint === attempt.fingerprint) return base.replay(attempt, known.response);
        if (known !== undefined) return base.mismatch(attempt, known.response);
        const reply = await attempt.execute();
        await clock.sleep(windowMs);
        if (reply.status < 300) answers.set(attempt.key, { fingerprint: attempt.fingerprint, response: kept(reply) });
        return reply;
      },
    };
  },
};
