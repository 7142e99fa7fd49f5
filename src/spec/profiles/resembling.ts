import type { Contract } from '../../core/contract.js';
import type { Resemblance } from '../../core/observed-contract.js';
import { isLifetime, TRAIT_NAMES, type TraitName, type Traits, type TraitValue } from '../../core/trait.js';
import { ietf } from './ietf.js';
import { libraries } from './libraries.js';
import type { Profile } from './profile.js';
import { profiles } from './registry.js';

/** So many traits must agree before a name is named. */
const LEAST = 3;

/** The part of a published lifetime that a key must be seen to last, to agree with it. */
const DUE = 0.9;

/**
 * What the observed contract is most like: the profiles and libraries of which the most traits agree, a contradiction
 * counting for two. Several where they are equally near. Empty where fewer than three agree, or fewer than four beside
 * one that contradicts.
 */
export function resembling(observed: Traits): readonly Resemblance[] {
  // What the lenient draft allows, everybody does: it is no likeness.
  const own = profiles.filter(profile => profile !== ietf);
  const all = [
    ...own.map(profile => likeness(profile.name, 'profile', claimsOf(profile), observed)),
    ...libraries.map(({ name, traits }) => likeness(name, 'library', traits, observed)),
  ].filter(one => one.agrees.length >= LEAST && one.contradicts.length <= 1 && score(one) >= 2);
  const best = Math.max(...all.map(score));
  return all.filter(one => score(one) === best);
}

function score({ agrees, contradicts }: Resemblance): number {
  return agrees.length - 2 * contradicts.length;
}

function likeness(name: string, kind: Resemblance['kind'], claims: Traits, observed: Traits): Resemblance {
  const judged = TRAIT_NAMES.map(trait => [trait, agreement(trait, claims[trait], observed[trait])] as const);
  const of = (wanted: boolean) => judged.filter(([, agrees]) => agrees === wanted).map(([trait]) => trait);
  return { name, kind, agrees: of(true), contradicts: of(false) };
}

/** `null` = one of them says nothing, or too little. */
function agreement(name: TraitName, claim: TraitValue | undefined, seen: TraitValue | undefined): boolean | null {
  if (claim === undefined || seen === undefined) return null;
  if (isLifetime(claim) || isLifetime(seen)) {
    if (!isLifetime(claim) || !isLifetime(seen)) return null;
    if (seen.below !== null && seen.below <= claim.atLeast) return false;
    return seen.atLeast >= DUE * claim.atLeast ? true : null;
  }
  const known = claim.map(word => String(word).toLowerCase());
  return seen.every(word => known.some(one => isLike(name, one, String(word).toLowerCase())));
}

function isLike(name: TraitName, claim: string, seen: string): boolean {
  return claim === seen || (name === 'marker' && !claim.includes(':') && seen.startsWith(`${claim}:`));
}

/** What a profile says of itself. What it has from the lenient draft is said by nobody. */
function claimsOf({ key, contract }: Profile): Traits {
  const { inflight, mismatch, ttl, marker, scope, expired, deleteMissing, etag, replayMode, replayStatuses } = contract;
  const claims: Partial<Record<TraitName, TraitValue | null>> = {
    key: [`${key.in} ${key.name}`],
    missing: key.required === null ? null : key.required ? contract.missing.statuses : ['accepted'],
    inflight: isUsual(inflight.statuses, ietf.contract.inflight.statuses)
      ? null
      : [...inflight.statuses, ...(inflight.mayWait ? ['waits'] : [])],
    mismatch: mismatchClaim(mismatch),
    replayMode: replayMode === 'unknown' ? null : [replayMode],
    replayStatus: replayStatuses.length === 0 ? null : replayStatuses,
    marker: marker === null ? null : [marker.value === null ? marker.header : `${marker.header}: ${marker.value}`],
    lifetime: typeof ttl === 'number' ? { atLeast: ttl, below: null } : null,
    scope: scope === null ? null : [scope],
    expired: expired ?? null,
    deleteMissing,
    outdatedWrite: isUsual(etag.mismatch, ietf.contract.etag.mismatch) ? null : etag.mismatch,
    unversionedWrite: etag.missing === 'permitted' ? ['permitted'] : etag.missing,
  };
  return Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== null));
}

function mismatchClaim({ statuses, action }: Contract['mismatch']): TraitValue | null {
  if (action === 'replay-original') return ['replays'];
  if (action === 'execute') return ['executes'];
  return isUsual(statuses, ietf.contract.mismatch.statuses) ? null : statuses;
}

function isUsual(own: readonly number[], usual: readonly number[]): boolean {
  return own.length === usual.length && own.every(status => usual.includes(status));
}
