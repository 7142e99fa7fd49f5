import type { Flaw } from '../flaw.js';
import { crash } from '../reply.js';

export const duplicateCrashes: Flaw = {
  id: 'duplicate-crashes',
  title: 'A second account for the same owner is answered with 500.',
  exposes: { check: 'natural-duplicate-sequential', code: 'crashed', resource: 'account' },
  hooks: () => ({ duplicate: () => crash() }),
};
