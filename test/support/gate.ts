import { usualOptions } from '../../src/cli/flags/options.js';
import { gateOf } from '../../src/cli/settings.js';

/** The gate of a run without flags. */
export const DEFAULT_GATE = gateOf(usualOptions('run'));
