import type { Flaw } from '../flaw.js';

export const keysLostOnRestart: Flaw = {
  id: 'keys-lost-on-restart',
  title: 'Keys are kept in the memory of the process, and forgotten when it is restarted; the orders stay.',
  exposes: { check: 'key-ttl-honoured', code: 'lost-on-restart', variant: 'restart', resource: 'order' },
  declares: { restarts: true },
  hooks: base => {
    let life = 0;
    return {
      restarted: () => void (life += 1),
      storeKey: attempt => `${life} ${base.storeKey(attempt)}`,
    };
  },
};
