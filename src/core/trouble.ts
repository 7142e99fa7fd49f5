import type { ReasonCode } from './reasons.js';
import type { Args } from './verdict.js';

/** Thrown inside a probe when the case cannot go on; the engine turns it into `inconclusive` with this reason. */
export class Trouble extends Error {
  override readonly name = 'Trouble';

  readonly reason: ReasonCode;
  readonly args: Args;

  constructor(reason: ReasonCode, args: Args = {}) {
    super(reason);
    this.reason = reason;
    this.args = args;
  }
}
