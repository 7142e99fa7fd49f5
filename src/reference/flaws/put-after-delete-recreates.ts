import type { Flaw } from '../flaw.js';

export const putAfterDeleteRecreates: Flaw = {
  id: 'put-after-delete-recreates',
  title: 'If-Match is not looked at where nothing is stored: a PUT to a deleted order creates it anew.',
  exposes: { check: 'if-match-after-delete', code: 'resurrected', resource: 'order' },
  hooks: base => ({
    precondition: write => {
      const { conditions } = write;
      const isThere = write.find() !== undefined;
      return base.precondition(isThere ? write : { ...write, conditions: { ...conditions, ifMatch: null } });
    },
  }),
};
