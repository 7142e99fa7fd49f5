import type { Flaw } from '../flaw.js';

export const mismatchExecuted: Flaw = {
  id: 'mismatch-executed',
  title: 'A key that comes again with another payload executes it.',
  exposes: { check: 'key-mismatch-rejected', code: 'executed', resource: 'order' },
  hooks: () => ({ mismatch: attempt => attempt.execute() }),
};
