import type { Flaw } from '../flaw.js';

export const payloadPartOfKey: Flaw = {
  id: 'payload-part-of-key',
  title: 'Keys are stored together with a digest of the bytes: the same JSON, written otherwise, is executed again.',
  exposes: { check: 'key-reserialized-body', code: 'executed-again', resource: 'order' },
  hooks: base => ({ storeKey: attempt => `${base.storeKey(attempt)} ${attempt.fingerprint}` }),
};
