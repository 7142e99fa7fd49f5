import type { Flaw } from '../flaw.js';
import { withReplyHeader } from '../reply.js';

export const headOtherType: Flaw = {
  id: 'head-other-type',
  title: 'HEAD gives another Content-Type than GET.',
  exposes: { check: 'head-matches-get', code: 'head-differs', resource: 'order' },
  hooks: base => ({ head: get => withReplyHeader(base.head(get), 'content-type', 'text/html') }),
};
