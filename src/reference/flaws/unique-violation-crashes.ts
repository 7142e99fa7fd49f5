import type { Flaw } from '../flaw.js';
import { crash } from '../reply.js';

export const uniqueViolationCrashes: Flaw = {
  id: 'unique-violation-crashes',
  title: 'The unique index holds, but its violation is not caught: who loses a race is answered with 500.',
  exposes: { check: 'natural-duplicate-concurrent', code: 'crashed', resource: 'account' },
  hooks: (base, { clock, windowMs }) => ({
    create: async creation => {
      const twin = creation.twin();
      if (twin !== undefined) return base.duplicate(creation, twin);
      await clock.sleep(windowMs);
      return creation.twin() === undefined ? base.created(creation.insert()) : crash();
    },
  }),
};
