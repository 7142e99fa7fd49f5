import type { Flaw } from '../flaw.js';

export const editsLostWithoutVersion: Flaw = {
  id: 'edits-lost-without-version',
  title: 'Orders have no version, in no header and no member: of two who edit one, the first loses what was changed.',
  exposes: { check: 'precondition-required', code: 'edits-lost', resource: 'order', level: 'warn' },
  choices: { keyed: false, etag: 'none' },
  hooks: () => ({}),
};
