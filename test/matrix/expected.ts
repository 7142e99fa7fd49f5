import { flaws } from '../../src/reference/flaws/index.js';
import type { Choices } from '../../src/reference/choices.js';

/** Flaws by the reason they share. */
export type ByReason = Readonly<Record<string, readonly string[]>>;

const NO_PUT = [
  'concurrent-put-adds-up',
  'concurrent-put-all-created',
  'concurrent-put-crashes',
  'concurrent-put-create-crashes',
  'concurrent-put-creates-two',
  'concurrent-put-refused-but-written',
  'if-none-match-checked-before-insert',
  'if-none-match-conflict',
  'if-none-match-crashes',
  'if-none-match-ignored',
  'put-adds-record',
  'put-after-delete-recreates',
  'put-always-created',
  'put-appends-tags',
  'put-bumps-counter',
  'put-created-in-two-steps',
  'put-keeps-colour',
  'put-keeps-omitted',
  'put-reassigns-clerk',
  'put-repeat-crashes',
  'put-repeat-refused',
  'put-written-in-two-steps',
];

const NO_TAG = [
  'etag-unquoted',
  'gzip-weakens-etag',
  'if-match-star-refused',
  'member-order-random',
  'not-modified-never',
];
const NO_WEAKNESS = ['weak-etag-kept', 'weak-etag-matched', 'weak-etag-refused'];
const KEYED_PATCH = ['keyed-patch-applied-again', 'keyed-patch-replay-crashes'];

/** Flaws of what is done in the shop. */
const OF_SHOP = flaws.filter(({ choices }) => choices?.shop === true).map(({ id }) => id);

/** What a flaw of the plain API cannot be in a style, and why. */
export const NO_SENSE: Readonly<Record<string, ByReason>> = {
  plain: {},
  enveloped: {
    'A create is answered without a body.': [
      'replay-empty',
      'replay-of-other-content',
      'replay-reformatted',
      'replay-retyped',
    ],
  },
  'body-key': {
    'The key is in the body, so that it is no Structured Field.': ['quoted-key-dropped'],
    'A JSON Patch is a list, which has no place for a key.': KEYED_PATCH,
    'There is no shop.': OF_SHOP,
    'A read has no body, so that it has no key.': [
      'read-answers-create',
      'read-refused-with-key',
      'read-replayed-by-key',
    ],
  },
  aip: {
    'There is no PUT (AIP-134).': NO_PUT,
    'There is no JSON Patch.': KEYED_PATCH,
    'There is no shop.': OF_SHOP,
    'The etag is a member: it has no bytes to stand for, no 304, no `*`.': NO_TAG,
    'A member is neither weak nor strong.': NO_WEAKNESS,
    'Every success is a 200.': ['duplicate-created-again', 'replay-ok-instead-of-created', 'replay-status-varies'],
    'There is no Location.': ['replay-drops-location'],
    'No record is pending.': ['pending-delete-comes-back'],
    'The key is in query or body, so that it is no Structured Field.': ['quoted-key-dropped'],
  },
  'json-api': {
    'There is no PUT (JSON:API 1.1 updates with PATCH).': NO_PUT,
    'There is no JSON Patch.': KEYED_PATCH,
    'There is no shop.': OF_SHOP,
    'The version is an attribute: it has no bytes to stand for, no 304, no `*`.': NO_TAG,
    'An attribute is neither weak nor strong.': NO_WEAKNESS,
  },
  async: {
    'There is no shop.': OF_SHOP,
    'A create is answered with its operation alone.': ['replay-of-other-content'],
    'No record is pending.': ['pending-delete-comes-back'],
  },
};

const MEMBER_MISSES: ByReason = {
  'Whether a write under the version just read is refused is asked of tags alone: a member that is another each time is a warning.':
    ['etag-random-refused'],
  'A version that is a member promises nothing of the other members of the answer.': ['replica-lags-under-one-tag'],
  'A 409 may speak of the state of the order as well as of its version.': ['etag-of-other-bytes'],
};

/** Flaws that are not found, and why. */
export const MISSES: Readonly<Record<string, ByReason>> = {
  plain: {},
  enveloped: {},
  'body-key': {},
  aip: {
    ...MEMBER_MISSES,
    'Where every create is answered with 200, a second one given the first record is no get-or-create: it fails as `second-deduplicated`.':
      ['create-returns-existing'],
  },
  'json-api': MEMBER_MISSES,
  async: {
    'After a 202 another id may be that of another operation, and a refusal may only mean that it is not done yet.': [
      'loser-given-other-id',
      'replay-conflict',
      'replay-id-varies',
      'replay-not-found',
      'replay-other-id',
    ],
    'An operation that was accepted may fail later: that nothing came of it proves nothing.': [
      'abort-undoes-effect',
      'duplicate-created-again',
    ],
  },
};

/** Choices a style leaves no room for, beside those it makes itself. */
export function isOpen(
  chosen: Partial<Choices>,
  style: { readonly choices: Partial<Choices>; readonly isTagged: boolean },
) {
  const isFree = Object.entries(chosen).every(([name, value]) => {
    const own = style.choices[name as keyof Choices];
    return own === undefined || own === value;
  });
  return isFree && (style.isTagged || chosen.etag !== 'weak');
}
