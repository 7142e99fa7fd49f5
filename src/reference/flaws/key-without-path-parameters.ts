import type { Flaw } from '../flaw.js';
import { endpointOf } from '../key-layer.js';
import type { Incoming } from '../incoming.js';

export const keyWithoutPathParameters: Flaw = {
  id: 'key-without-path-parameters',
  title: 'Stored answers are looked up by route and key: the same action on another resource is answered with them.',
  exposes: { check: 'scope-endpoint', code: 'answered-for-other', variant: 'path', resource: 'account' },
  hooks: base => ({
    storeKey: ({ incoming, given }) => `${incoming.caller} ${routeOf(incoming)} ${given}`,
    keyLayer: attempt =>
      base.keyLayer({ ...attempt, fingerprint: `${routeOf(attempt.incoming)} ${attempt.incoming.body}` }),
  }),
};

/** The endpoint with the names of its parameters in place of their values. */
function routeOf(incoming: Incoming): string {
  return Object.entries(incoming.params).reduce(
    (route, [name, value]) => route.replace(value, `:${name}`),
    endpointOf(incoming),
  );
}
