import type { Attempt, Behaviour, KeyBehaviour } from './behaviour.js';
import type { Reply } from './reply.js';
import type { World } from './world.js';

/** What a server makes of a key whose client went away. */
export type Fate =
  | { readonly kind: 'forgotten' }
  | { readonly kind: 'stored'; readonly reply: Reply }
  | { readonly kind: 'in-flight'; readonly ms: number };

interface Entry {
  readonly fingerprint: string;
  /** `null` = in flight. */
  readonly reply: Reply | null;
  readonly untilMs: number;
}

/** A key layer that is right until a client goes away before its answer; `spoil` says what becomes of its key then. */
export function spoiltByAbort(
  base: Behaviour,
  { clock, windowMs }: World,
  spoil: (attempt: Attempt, reply: Reply) => Fate,
): Pick<KeyBehaviour, 'keyLayer'> {
  const entries = new Map<string, Entry>();
  return {
    async keyLayer(attempt) {
      const { key, fingerprint } = attempt;
      const known = entries.get(key);
      if (known !== undefined && known.untilMs > clock.nowMs()) {
        if (known.fingerprint !== fingerprint) return base.mismatch(attempt, null);
        return known.reply === null ? base.inFlight(attempt) : base.replay(attempt, known.reply);
      }
      const keep = (reply: Reply | null, untilMs = Infinity) => void entries.set(key, { fingerprint, reply, untilMs });
      keep(null);
      const reply = await attempt.execute();
      await clock.sleep(windowMs);
      if (!attempt.incoming.isGone()) {
        if (reply.status < 300) keep(reply);
        else entries.delete(key);
        return reply;
      }
      const fate = spoil(attempt, reply);
      if (fate.kind === 'forgotten') entries.delete(key);
      else if (fate.kind === 'stored') keep(fate.reply);
      else keep(null, clock.nowMs() + fate.ms);
      return reply;
    },
  };
}
