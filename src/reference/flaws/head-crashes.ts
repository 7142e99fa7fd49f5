import type { Flaw } from '../flaw.js';
import { empty } from '../reply.js';

export const headCrashes: Flaw = {
  id: 'head-crashes',
  title: 'HEAD is answered with 500.',
  exposes: { check: 'head-matches-get', code: 'head-crashed', resource: 'order' },
  hooks: () => ({ head: () => empty(500) }),
};
