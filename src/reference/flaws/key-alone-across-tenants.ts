import type { Flaw } from '../flaw.js';

export const keyAloneAcrossTenants: Flaw = {
  id: 'key-alone-across-tenants',
  title: 'Stored answers are looked up by the key alone, whoever asks, and whatever for.',
  exposes: { check: 'scope-principal', code: 'response-leaked', resource: 'account', level: 'fail' },
  choices: { callers: 'tenants' },
  hooks: () => ({ storeKey: ({ given }) => given }),
};
