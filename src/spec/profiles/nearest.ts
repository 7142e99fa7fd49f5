import type { KeyCarrier } from '../../core/contract.js';
import { ietfStrict } from './ietf-strict.js';
import { ietf } from './ietf.js';
import type { Profile } from './profile.js';
import { profileCalled, profiles } from './registry.js';

/** What of a document tells whose contract it follows. */
export interface Signs {
  /** Title and servers. */
  readonly texts: readonly string[];
  /** Where its keys travel. */
  readonly keys: readonly Pick<KeyCarrier, 'in' | 'name' | 'form'>[];
}

/** Who names itself in a title or a server, most telling first. */
const PROVIDERS: readonly (readonly [pattern: RegExp, profile: string])[] = [
  [/\bstripe\b.*\bv2\b|api\.stripe\.com\/v2/i, 'stripe-v2'],
  [/\bstripe\b/i, 'stripe-v1'],
  [/\badyen\b/i, 'adyen'],
  [/\bpaypal\b/i, 'paypal'],
  [/\bsquare(up)?\b/i, 'square'],
  [/\bcheckout\.com\b/i, 'checkout'],
  [/\btelnyx\b/i, 'telnyx'],
  [/\bgocardless\b/i, 'gocardless'],
  [/\bshopify\b/i, 'shopify'],
  [/\bazure\b/i, 'azure'],
  [/\bamazonaws\.com\b/i, 'aws'],
  [/\bgoogleapis\.com\b/i, 'aip'],
];

/** A profile that was guessed: it widens what is accepted, and promises nothing. */
export function asGuess(profile: Profile): Profile {
  const { contract } = profile;
  const also = (own: readonly number[], usual: readonly number[]) => [...new Set([...own, ...usual])];
  return {
    ...profile,
    contract: {
      ...contract,
      ttl: 'unknown',
      replayMode: 'unknown',
      inflight: { statuses: also(contract.inflight.statuses, ietf.contract.inflight.statuses), mayWait: true },
      mismatch: {
        statuses: also(contract.mismatch.statuses, ietf.contract.mismatch.statuses),
        action: null,
        promised: false,
      },
      deleteMissing: null,
      etag: { ...contract.etag, missing: null },
    },
  };
}

/** The profile nearest to a document, and why it was taken. */
export function nearestProfile({ texts, keys }: Signs): { readonly profile: Profile; readonly why: string } {
  for (const [pattern, name] of PROVIDERS) {
    const text = texts.find(one => pattern.test(one));
    const profile = text === undefined ? undefined : profileCalled(name);
    if (text !== undefined && profile !== undefined) return { profile, why: `the document calls itself "${text}"` };
  }
  const isUsual = (name: string) => name.toLowerCase() === ietf.key.name.toLowerCase();
  for (const key of keys.filter(({ name }) => !isUsual(name))) {
    const profile = profiles.find(
      ({ key: own }) => own.in === key.in && own.name.toLowerCase() === key.name.toLowerCase(),
    );
    if (profile !== undefined) return { profile, why: `its key is ${key.name}, in the ${key.in}` };
  }
  if (keys.some(({ form }) => form === 'sf-string')) return { profile: ietfStrict, why: 'its keys are quoted strings' };
  const why = keys.length === 0 ? 'nothing in it speaks of keys' : 'its keys are those of no other profile';
  return { profile: ietf, why };
}
