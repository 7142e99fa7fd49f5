import type { Flaw } from '../flaw.js';
import { withReplyHeader } from '../reply.js';

export const gzipWeakensEtag: Flaw = {
  id: 'gzip-weakens-etag',
  title: 'A client that takes gzip is given a weak tag, as by a proxy that compresses; If-Match never matches it.',
  exposes: { check: 'if-match-current-accepted', code: 'gzip-tag-refused', variant: 'gzip', resource: 'order' },
  hooks: base => ({
    shown: (record, conditions) => {
      const reply = base.shown(record, conditions);
      const tag = reply.headers['etag'];
      return conditions.takesGzip && tag !== undefined ? withReplyHeader(reply, 'etag', `W/${tag}`) : reply;
    },
  }),
};
