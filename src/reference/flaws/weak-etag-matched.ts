import { weakMatch } from '../entity-tags.js';
import type { Flaw } from '../flaw.js';

export const weakEtagMatched: Flaw = {
  id: 'weak-etag-matched',
  title: 'If-Match takes a weak tag that is the current one: it compares weakly.',
  exposes: { check: 'if-match-current-accepted', code: 'weak-matched', resource: 'order' },
  choices: { etag: 'weak' },
  hooks: base => ({
    precondition: write => {
      const { conditions } = write;
      const order = write.find();
      const isCurrent =
        order !== undefined && conditions.ifMatch !== null && weakMatch(conditions.ifMatch, base.etagOf(order));
      return base.precondition(isCurrent ? { ...write, conditions: { ...conditions, ifMatch: '*' } } : write);
    },
  }),
};
