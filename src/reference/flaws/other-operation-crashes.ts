import type { Flaw } from '../flaw.js';
import { crash } from '../reply.js';

export const otherOperationCrashes: Flaw = {
  id: 'other-operation-crashes',
  title: 'A key that was used on another operation ends in a 500.',
  exposes: { check: 'scope-endpoint', code: 'crashed', resource: 'account' },
  hooks: () => ({ storeKey: ({ incoming, given }) => `${incoming.caller} ${given}`, mismatch: () => crash() }),
};
