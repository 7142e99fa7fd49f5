import type { Flaw } from '../flaw.js';
import { countingViews } from '../views.js';

/** Where a representation has its id, in whichever style. */
const ID = /"u?id":"([^"]*)"/g;

export const headCountsViews: Flaw = {
  id: 'head-counts-views',
  title: 'Each HEAD of an order adds one to a number in it; a GET does not.',
  exposes: { check: 'safe-no-effect', code: 'counter-changed', resource: 'order', level: 'warn' },
  inDemo: false,
  hooks: base => {
    const { count, represent } = countingViews(base);
    return {
      represent,
      head: get => {
        const [id, ...others] = [...(get.body ?? '').matchAll(ID)].map(([, one = '']) => one);
        if (id !== undefined && others.length === 0) count(id);
        return base.head(get);
      },
    };
  },
};
