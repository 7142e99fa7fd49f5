import type { Flaw } from '../flaw.js';
import { createContention } from '../contention.js';

export const contendedKeyRefused: Flaw = {
  id: 'contended-key-refused',
  title: 'Requests that meet under one key are all refused, and so is every later one.',
  exposes: { check: 'key-concurrent-single-effect', code: 'nothing-created', resource: 'order' },
  hooks: (base, { clock, windowMs }) => {
    const contention = createContention();
    const burnt = new Set<string>();
    const wait = () => clock.sleep(windowMs * 10);
    return {
      keyLayer: attempt =>
        contention.during(attempt.key, wait, async isContended => {
          if (isContended) burnt.add(attempt.key);
          return burnt.has(attempt.key) ? base.inFlight(attempt) : base.keyLayer(attempt);
        }),
    };
  },
};
