import type { Flaw } from '../flaw.js';

export const weakEtagRefused: Flaw = {
  id: 'weak-etag-refused',
  title: 'Orders have weak tags, which If-Match never matches: no write can be made conditional.',
  exposes: { check: 'if-match-current-accepted', code: 'weak-unusable', resource: 'order' },
  choices: { etag: 'weak' },
  hooks: () => ({}),
};
