import type { CheckMeta } from '../../core/check.js';

/**
 * What results of drift are told by. It is no check of the catalogue: it sends nothing and runs only against a file.
 * Its results go through gate, waivers and baseline like any other.
 */
export const CONTRACT_DRIFT: CheckMeta = {
  id: 'contract-drift',
  group: 'docs',
  title: 'The API keeps the contract that was recorded',
  severity: 'medium',
  basis: 'declared',
  refs: [],
  sends: 'Nothing. It holds what the other checks saw against the file of --contract.',
  judges:
    'Fails where a recorded trait was seen to be another one now, with each of them. What was not seen is a note.',
  expected: 'What is recorded in the contract file.',
  why: 'Clients are written against what the API did: a 409 that becomes a wait, or a replay that becomes a refusal, breaks their retries.',
  fix: 'Restore the recorded behaviour; or, if the change is meant, tell your clients and record it: --contract-out FILE.',
  guards: ['Only what was seen with evidence is held against the file.', 'What was not seen in this run is no drift.'],
  messages: { drifted: '{name}: recorded was "{recorded}", now {now}.' },
  notes: {
    unseen: 'Recorded, and not seen in this run: {names}.',
    held: 'As recorded: {names}.',
  },
  isolation: 'shared',
  isLate: false,
  variants: [null],
};
