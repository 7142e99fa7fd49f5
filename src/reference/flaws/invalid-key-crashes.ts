import type { Flaw } from '../flaw.js';

export const invalidKeyCrashes: Flaw = {
  id: 'invalid-key-crashes',
  title: 'A key of the wrong length, or with characters that keys do not have, ends in an exception.',
  exposes: { check: 'key-invalid-no-5xx', code: 'crashed', resource: 'order' },
  hooks: () => ({
    keyInvalid: () => {
      throw new TypeError('the key is not valid');
    },
  }),
};
