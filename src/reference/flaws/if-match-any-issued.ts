import type { Flaw } from '../flaw.js';

export const ifMatchAnyIssued: Flaw = {
  id: 'if-match-any-issued',
  title: 'If-Match takes any tag the order ever had; only unknown tags are refused.',
  exposes: { check: 'if-match-stale-rejected', code: 'stale-applied', resource: 'order' },
  hooks: base => {
    const issued = new Set<string>();
    return {
      etagOf: record => {
        const tag = base.etagOf(record);
        if (tag !== null) issued.add(tag);
        return tag;
      },
      precondition: write => {
        const isIssued = issued.has(write.conditions.ifMatch ?? '');
        return base.precondition(isIssued ? { ...write, conditions: { ...write.conditions, ifMatch: '*' } } : write);
      },
    };
  },
};
