import type { Flaw } from '../flaw.js';
import { strongTag } from '../entity-tags.js';

export const etagRandom: Flaw = {
  id: 'etag-random',
  title: 'Each read carries a new tag though nothing has changed; each of them is accepted with a write.',
  exposes: { check: 'etag-stable', code: 'tag-unstable', resource: 'order', level: 'warn' },
  hooks: (base, { ids }) => ({
    etagOf: record => `"${strongTag(record).slice(1, -1)}.${ids()}"`,
    noneMatch: (header, record) => header.includes(strongTag(record).slice(1, -1)),
    precondition: write => {
      const current = write.find();
      const { ifMatch } = write.conditions;
      const isCurrent = current !== undefined && ifMatch?.includes(strongTag(current).slice(1, -1)) === true;
      return base.precondition(isCurrent ? { ...write, conditions: { ...write.conditions, ifMatch: '*' } } : write);
    },
  }),
};
