import { accessBehaviour } from './access.js';
import type { Behaviour, Hooks } from './behaviour.js';
import { keyBehaviour } from './key-layer.js';
import { readBehaviour } from './reading.js';
import type { World } from './world.js';
import { writeBehaviour } from './writing.js';

/** The behaviour of a correct API, bent by hooks when there are any. */
export function assemble(world: World, hooks: Hooks | null): Behaviour {
  const self = (): Behaviour => whole;
  const base: Behaviour = {
    ...keyBehaviour(world, self),
    ...writeBehaviour(world, self),
    ...readBehaviour(world, self),
    ...accessBehaviour,
  };
  const whole: Behaviour = hooks === null ? base : { ...base, ...hooks(base, world) };
  return whole;
}
