import { toPart } from '../openapi-parts.js';
import { withReplaced } from './document.js';
import { keyFromBody, withKeyInBodies } from './key-moves.js';
import { isOfShop, restyledResource } from './resource.js';
import type { Style } from './style.js';

const NAME = 'idempotency_key';

/** The key is a member of the body, as Square has it. */
export const bodyKey: Style = {
  name: 'body-key',
  title: `the key is the member ${NAME} of the body`,
  // What is done in the shop has no body to hold a key.
  choices: { keyIn: 'header', shop: false },
  isTagged: true,
  open: () => ({ toPlain: asked => keyFromBody(asked, NAME), toWire: reply => reply }),
  document: plain => withReplaced(withKeyInBodies(plain, NAME), 'the Idempotency-Key header', `the body field ${NAME}`),
  // A JSON Patch is a list, which has no place for a key.
  resource: (plain, kind) =>
    kind === 'tags' || isOfShop(kind)
      ? null
      : restyledResource(plain, { key: key => ({ ...toPart(key), in: 'body', name: NAME }) }),
};
