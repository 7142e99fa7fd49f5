import type { Flaw } from '../flaw.js';

export const ifMatchIgnored: Flaw = {
  id: 'if-match-ignored',
  title: 'If-Match is read but not compared: a change to an outdated version is applied.',
  exposes: { check: 'if-match-stale-rejected', code: 'stale-applied', resource: 'order' },
  hooks: base => ({
    precondition: write => {
      const { ifMatch } = write.conditions;
      return base.precondition({
        ...write,
        conditions: { ...write.conditions, ifMatch: ifMatch === null ? null : '*' },
      });
    },
  }),
};
