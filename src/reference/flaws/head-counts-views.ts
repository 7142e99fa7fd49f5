import type { Flaw } from '../flaw.js';
import { idOf } from '../reply.js';
import { countingViews } from '../views.js';

export const headCountsViews: Flaw = {
  id: 'head-counts-views',
  title: 'Each HEAD of an order adds one to a number in it; a GET does not.',
  exposes: { check: 'safe-no-effect', code: 'counter-changed', resource: 'order', level: 'warn' },
  hooks: base => {
    const { count, represent } = countingViews(base);
    return {
      represent,
      head: get => {
        if (get.status === 200) count(idOf(get));
        return base.head(get);
      },
    };
  },
};
