import type { Behaviour, ReadBehaviour } from './behaviour.js';

/** Records that show how often they were looked at, for flaws that count what is safe. */
export function countingViews(
  base: Behaviour,
): Pick<ReadBehaviour, 'represent'> & { readonly count: (id: string) => void } {
  const views = new Map<string, number>();
  return {
    count: id => void views.set(id, (views.get(id) ?? 0) + 1),
    represent: (record, use) => ({ ...base.represent(record, use), views: views.get(record.id) ?? 0 }),
  };
}
