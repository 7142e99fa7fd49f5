import type { Flaw } from '../flaw.js';
import { coarseTag } from '../entity-tags.js';

export const etagKeptWithinAMinute: Flaw = {
  id: 'etag-kept-within-a-minute',
  title: 'The tag has a resolution of a minute: a change right after the creation keeps it.',
  exposes: { check: 'etag-changes-on-update', code: 'tag-kept', resource: 'order' },
  hooks: () => ({ etagOf: record => coarseTag(record) }),
};
