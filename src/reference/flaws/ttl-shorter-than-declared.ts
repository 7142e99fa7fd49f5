import type { Flaw } from '../flaw.js';

export const ttlShorterThanDeclared: Flaw = {
  id: 'ttl-shorter-than-declared',
  title: 'Keys are declared to live 24 hours and are forgotten after 4 seconds.',
  exposes: { check: 'key-ttl-honoured', code: 'expired-early', resource: 'order' },
  hooks: () => ({ ttlSeconds: 4 }),
};
