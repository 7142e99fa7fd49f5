import type { Flaw } from '../flaw.js';
import { strongTag } from '../entity-tags.js';

export const etagRandomRefused: Flaw = {
  id: 'etag-random-refused',
  title: 'Each read carries a new tag though nothing has changed, and a write under the tag just read is refused.',
  exposes: { check: 'etag-stable', code: 'tag-unusable', resource: 'order', level: 'fail' },
  hooks: (_, { ids }) => ({
    etagOf: record => `"${strongTag(record).slice(1, -1)}.${ids()}"`,
    noneMatch: (header, record) => header.includes(strongTag(record).slice(1, -1)),
  }),
};
