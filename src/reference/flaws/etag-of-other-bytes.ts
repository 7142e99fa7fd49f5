import { createHash } from 'node:crypto';
import type { Flaw } from '../flaw.js';
import { withReplyHeader } from '../reply.js';

export const etagOfOtherBytes: Flaw = {
  id: 'etag-of-other-bytes',
  title: 'GET is given a hash of its bytes as ETag, put on by a filter; If-Match is compared with something else.',
  exposes: { check: 'if-match-current-accepted', code: 'current-refused', resource: 'order' },
  hooks: base => ({
    shown: (record, conditions) => {
      const reply = base.shown(record, { ...conditions, ifMatch: null, ifNoneMatch: null });
      const hash = createHash('sha256')
        .update(reply.body ?? '')
        .digest('hex')
        .slice(0, 32);
      return withReplyHeader(reply, 'etag', `"${hash}"`);
    },
  }),
};
