import type { Flaw } from '../flaw.js';
import { withReplyHeader } from '../reply.js';

export const headOtherLength: Flaw = {
  id: 'head-other-length',
  title: 'HEAD gives another Content-Length than GET.',
  exposes: { check: 'head-matches-get', code: 'length-differs', resource: 'order' },
  hooks: base => ({
    head: get =>
      withReplyHeader(base.head(get), 'content-length', String(Number(get.headers['content-length'] ?? 0) + 2)),
  }),
};
