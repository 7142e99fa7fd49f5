import type { Flaw } from '../flaw.js';
import { strongTag } from '../entity-tags.js';

export const etagRandom: Flaw = {
  id: 'etag-random',
  title: 'Each read carries a new tag though nothing has changed.',
  exposes: { check: 'etag-stable', code: 'tag-unstable', resource: 'order' },
  hooks: (_, { ids }) => ({
    etagOf: record => `"${strongTag(record).slice(1, -1)}.${ids()}"`,
    noneMatch: (header, record) => header.includes(strongTag(record).slice(1, -1)),
  }),
};
