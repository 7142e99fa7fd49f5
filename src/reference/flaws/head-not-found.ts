import type { Flaw } from '../flaw.js';
import { notFound } from '../writing.js';

export const headNotFound: Flaw = {
  id: 'head-not-found',
  title: 'HEAD is routed nowhere: it is answered with 404 where GET is answered with 200.',
  exposes: { check: 'head-matches-get', code: 'head-not-served', resource: 'order', level: 'warn' },
  hooks: () => ({ head: () => ({ ...notFound(), body: null }) }),
};
