import type { Resource } from '../core/resource.js';
import { createLock, createSlots } from './lock.js';

/** How a case stands to the others on its resource; `none` = they do not touch each other. */
export type Isolation = 'shared' | 'alone' | 'none';

/** A case in its place: it has a slot of the run, and its resource to itself or with others. */
export interface Stay {
  /** Waits so many milliseconds with the slot free for others, and the resource too unless the case is alone on it. */
  readonly whileAway: (ms: number) => Promise<void>;
  readonly leave: () => void;
}

/** The places of a run: so many slots, and for each resource a gate. */
export interface Places {
  /** Waits for a place; the resources above are shared meanwhile, whatever is done below them. */
  readonly enter: (resource: Resource, isolation: Isolation) => Promise<Stay>;
}

export function createPlaces(
  resources: readonly Resource[],
  workers: number,
  sleep: (ms: number) => Promise<void>,
): Places {
  const slots = createSlots(workers);
  const gates = new Map(resources.map(({ name }) => [name, createLock()]));

  /** Passes the gates, always in the same order so that no two wait for each other; hands back the way out. */
  async function pass({ name, parents }: Resource, isolation: Isolation): Promise<() => void> {
    if (isolation === 'none') return () => {};
    const above = parents.map(parent => [parent.name, 'shared'] as const).toSorted(([a], [b]) => (a < b ? -1 : 1));
    const leave: (() => void)[] = [];
    for (const [gate, mode] of [...above, [name, isolation] as const]) {
      const leaveOne = await gates.get(gate)?.enter(mode);
      if (leaveOne !== undefined) leave.push(leaveOne);
    }
    return () => leave.forEach(leaveOne => leaveOne());
  }

  return {
    async enter(resource, isolation) {
      let leaveGates = await pass(resource, isolation);
      let giveSlot = await slots.take();
      return {
        async whileAway(ms) {
          giveSlot();
          if (isolation !== 'alone') leaveGates();
          await sleep(ms);
          if (isolation !== 'alone') leaveGates = await pass(resource, isolation);
          giveSlot = await slots.take();
        },
        leave() {
          giveSlot();
          leaveGates();
        },
      };
    },
  };
}
