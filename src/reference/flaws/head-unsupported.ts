import type { Flaw } from '../flaw.js';
import { empty } from '../reply.js';

export const headUnsupported: Flaw = {
  id: 'head-unsupported',
  title: 'HEAD is answered with 405.',
  exposes: { check: 'head-matches-get', code: 'head-not-served', resource: 'order' },
  hooks: () => ({ head: () => empty(405, { allow: 'GET' }) }),
};
