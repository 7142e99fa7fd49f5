import type { Behaviour, KeyBehaviour, WriteBehaviour } from './behaviour.js';
import type { World } from './world.js';

/** A replay is given the stored answer, while what was done under its key is done once more; `step` ends the path of it. */
export function actingOnReplay(
  base: Behaviour,
  step: string,
): Pick<KeyBehaviour, 'replay'> & Pick<WriteBehaviour, 'act'> {
  const repeated = new Set<string>();
  return {
    async replay(attempt, stored) {
      const { target, params } = attempt.incoming;
      const id = params['own'] ?? params['id'];
      if (!target.endsWith(`/${step}`) || id === undefined) return base.replay(attempt, stored);
      repeated.add(id);
      await attempt.execute();
      repeated.delete(id);
      return base.replay(attempt, stored);
    },
    act: act => base.act(repeated.has(act.id) ? { ...act, refusal: () => null } : act),
  };
}

/** Looks whether something can be done, works, and does it: of requests that meet all do. */
export function actingUnlocked({ clock, windowMs }: Pick<World, 'clock' | 'windowMs'>): WriteBehaviour['act'] {
  return async act => {
    const refusal = act.refusal();
    if (refusal !== null) return refusal;
    await clock.sleep(windowMs);
    if (act.isDue()) act.effect();
    return act.commit();
  };
}
