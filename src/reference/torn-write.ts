import type { LabelWrite } from './behaviour.js';
import type { Reply } from './reply.js';
import type { World } from './world.js';

/**
 * Writes a label in two steps, for flaws that tear it: the text at once, the rest later. Who finds nobody else at work
 * takes longest, so that of two writes that meet the second is first to end.
 */
export function createTornWrite({ clock, windowMs }: World): (write: LabelWrite) => Promise<Reply> {
  const busy = new Map<string, number>();
  return async ({ id, draft, find, commit }) => {
    const others = busy.get(id) ?? 0;
    busy.set(id, others + 1);
    const { text } = draft;
    const reply = commit({ ...(find() ?? draft), text });
    await clock.sleep(others === 0 ? 4 * windowMs : windowMs);
    const kept = find()?.text ?? text;
    commit({ ...draft, text: kept });
    busy.set(id, (busy.get(id) ?? 1) - 1);
    return reply;
  };
}
