import type { Flaw } from '../flaw.js';
import { withReplyHeader } from '../reply.js';

export const writeAnswersOtherEtag: Flaw = {
  id: 'write-answers-other-etag',
  title: 'PUT and PATCH answer with a tag that GET does not know.',
  exposes: { check: 'etag-changes-on-update', code: 'response-tag-differs', resource: 'order' },
  hooks: base => ({
    written: (write, order, isNew) =>
      withReplyHeader(base.written(write, order, isNew), 'etag', `"draft-${order.version}"`),
  }),
};
