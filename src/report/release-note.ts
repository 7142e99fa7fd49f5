import type { RacePower } from '../core/race.js';
import { isHeld, WHOLE } from '../core/sync.js';
import { plural } from './sentence.js';

/**
 * Whether whole requests show what was first seen by requests of which a part had gone ahead; nothing where that was not
 * tried. Holding the end back widens a window that opens with the head of a request.
 */
export function releaseNote(race: RacePower | null): readonly string[] {
  const held = race?.ways.filter(({ sync }) => isHeld(sync)) ?? [];
  const whole = race?.ways.find(({ sync }) => sync === WHOLE);
  if (whole === undefined || held.every(({ hits }) => hits === 0)) return [];
  return [
    whole.hits > 0
      ? 'Seen with whole requests as well, which is how most clients send them.'
      : `Seen only where the end of each request was held back until all were ready; whole requests did not show it in ${plural(whole.rounds, 'round')}.`,
  ];
}
