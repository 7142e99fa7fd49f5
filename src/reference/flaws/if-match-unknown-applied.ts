import type { Flaw } from '../flaw.js';

export const ifMatchUnknownApplied: Flaw = {
  id: 'if-match-unknown-applied',
  title: 'A tag that was never issued is taken for no condition at all.',
  exposes: {
    check: 'if-match-stale-rejected',
    code: 'unknown-tag-applied',
    variant: 'never-issued',
    resource: 'order',
  },
  hooks: base => {
    const issued = new Set<string>();
    return {
      etagOf: record => {
        const tag = base.etagOf(record);
        if (tag !== null) issued.add(tag);
        return tag;
      },
      precondition: write => {
        const { ifMatch } = write.conditions;
        const isUnknown = ifMatch !== null && !issued.has(ifMatch);
        return base.precondition(isUnknown ? { ...write, conditions: { ...write.conditions, ifMatch: '*' } } : write);
      },
    };
  },
};
