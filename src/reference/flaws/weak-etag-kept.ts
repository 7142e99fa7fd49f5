import type { Flaw } from '../flaw.js';
import { coarseTag } from '../entity-tags.js';

export const weakEtagKept: Flaw = {
  id: 'weak-etag-kept',
  title: 'The weak tag has a resolution of a minute: a change right after the creation keeps it.',
  exposes: { check: 'etag-changes-on-update', code: 'weak-tag-kept', resource: 'order' },
  choices: { etag: 'weak' },
  hooks: () => ({ etagOf: record => `W/${coarseTag(record)}` }),
};
