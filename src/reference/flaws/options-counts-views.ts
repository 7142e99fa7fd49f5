import type { Flaw } from '../flaw.js';
import { countingViews } from '../views.js';

export const optionsCountsViews: Flaw = {
  id: 'options-counts-views',
  title: 'Each OPTIONS of an order adds one to a number in it.',
  exposes: { check: 'safe-no-effect', code: 'counter-changed', resource: 'order', level: 'warn' },
  inDemo: false,
  hooks: base => {
    const { count, represent } = countingViews(base);
    return { represent, options: path => count(path.replace(/^\/orders\//, '')) };
  },
};
