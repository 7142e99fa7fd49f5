import type { Flaw } from '../flaw.js';
import type { Reply } from '../reply.js';

interface Entry {
  readonly fingerprint: string;
  /** `null` = in flight. */
  readonly reply: Reply | null;
}

const LOOKS_MS = 5;

export const abortFreesLock: Flaw = {
  id: 'abort-frees-lock',
  title:
    'The lock of a key goes when its client hangs up, and the work goes on: a retry meanwhile is executed as well.',
  exposes: { check: 'key-abort-then-retry', code: 'executed-twice', resource: 'order' },
  choices: { workMs: 300 },
  hooks: (base, { clock }) => {
    const entries = new Map<string, Entry>();
    return {
      async keyLayer(attempt) {
        const { key, fingerprint, incoming } = attempt;
        const known = entries.get(key);
        if (known !== undefined && known.fingerprint !== fingerprint) return base.mismatch(attempt, known.reply);
        if (known !== undefined)
          return known.reply === null ? base.inFlight(attempt) : base.replay(attempt, known.reply);
        const lock: Entry = { fingerprint, reply: null };
        entries.set(key, lock);
        const isHeld = () => entries.get(key) === lock;
        const watch = async () => {
          while (isHeld() && !incoming.isGone()) await clock.sleep(LOOKS_MS);
          if (isHeld()) entries.delete(key);
        };
        void watch();
        const reply = await attempt.execute();
        if (reply.status < 300) entries.set(key, { fingerprint, reply });
        else if (isHeld()) entries.delete(key);
        return reply;
      },
    };
  },
};
