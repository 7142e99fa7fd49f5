import { UsageError } from '../../core/errors.js';
import { didYouMean } from '../suggest.js';
import { adyen } from './adyen.js';
import { aip } from './aip.js';
import { aws } from './aws.js';
import { azure } from './azure.js';
import { checkout } from './checkout.js';
import { gocardless } from './gocardless.js';
import { ietfStrict } from './ietf-strict.js';
import { ietf } from './ietf.js';
import { paypal } from './paypal.js';
import type { Profile } from './profile.js';
import { shopify } from './shopify.js';
import { square } from './square.js';
import { stripeV1 } from './stripe-v1.js';
import { stripeV2 } from './stripe-v2.js';
import { telnyx } from './telnyx.js';
import { zalando } from './zalando.js';

/** Asks for the profile that fits the document best. */
export const AUTO = 'auto';

/** Every profile; the first one holds when nobody names one. */
export const profiles: readonly Profile[] = [
  ietf,
  ietfStrict,
  stripeV1,
  stripeV2,
  adyen,
  paypal,
  square,
  checkout,
  telnyx,
  gocardless,
  aip,
  azure,
  aws,
  shopify,
  zalando,
];

/** Other names of profiles. */
const ALIASES: Readonly<Record<string, string>> = { oasis: 'azure', 'checkout.com': 'checkout' };

export function profileCalled(name: string): Profile | undefined {
  const wanted = Object.hasOwn(ALIASES, name) ? ALIASES[name] : name;
  return profiles.find(profile => profile.name === wanted);
}

/** The profile of `--profile`. Throws UsageError when there is none of that name. */
export function profileByFlag(name: string): Profile {
  const profile = profileCalled(name);
  if (profile === undefined) throw new UsageError(`--profile: ${unknownProfile(name)}`);
  return profile;
}

export function unknownProfile(name: string): string {
  const names = [...profiles.map(profile => profile.name), AUTO];
  const near = didYouMean(name, names);
  return `there is no profile "${name}"${near === '' ? `; known: ${names.join(', ')}` : near}`;
}
