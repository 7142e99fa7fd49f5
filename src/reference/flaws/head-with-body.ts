import type { Flaw } from '../flaw.js';

export const headWithBody: Flaw = {
  id: 'head-with-body',
  title: 'HEAD is answered with the body of GET.',
  exposes: { check: 'head-matches-get', code: 'body-sent', resource: 'order' },
  hooks: () => ({ head: get => get }),
};
