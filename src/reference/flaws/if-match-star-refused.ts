import type { Flaw } from '../flaw.js';
import { preconditionFailed } from '../writing.js';

export const ifMatchStarRefused: Flaw = {
  id: 'if-match-star-refused',
  title: 'If-Match: * is taken for a tag that no order has.',
  exposes: { check: 'if-match-current-accepted', code: 'any-refused', variant: 'any', resource: 'order' },
  hooks: base => ({
    precondition: write => (write.conditions.ifMatch === '*' ? preconditionFailed() : base.precondition(write)),
  }),
};
