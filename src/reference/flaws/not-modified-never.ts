import type { Flaw } from '../flaw.js';

export const notModifiedNever: Flaw = {
  id: 'not-modified-never',
  title: 'If-None-Match with the current tag is answered with 200 and the whole body.',
  exposes: { check: 'etag-stable', code: 'no-304', resource: 'order' },
  hooks: () => ({ noneMatch: () => false }),
};
