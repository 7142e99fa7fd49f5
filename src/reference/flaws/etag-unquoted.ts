import type { Flaw } from '../flaw.js';
import { strongTag } from '../entity-tags.js';
import type { Stored } from '../records.js';

export const etagUnquoted: Flaw = {
  id: 'etag-unquoted',
  title: 'The ETag has no quotes.',
  exposes: { check: 'etag-stable', code: 'malformed-tag', resource: 'order' },
  hooks: () => ({
    etagOf: record => bareTag(record),
    noneMatch: (header, record) => header === bareTag(record),
  }),
};

function bareTag(record: Stored): string {
  return strongTag(record).slice(1, -1);
}
