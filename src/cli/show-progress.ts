import type { OnEvent } from '../core/events.js';
import { NO_PROGRESS, progressed, progressLine } from '../report/progress.js';
import type { Io } from './io.js';

/** One progress line on a terminal; nothing anywhere else. */
export function showProgress(io: Io, isWanted: boolean): { readonly onEvent: OnEvent; readonly end: () => void } {
  if (!io.isTty || !isWanted) return { onEvent: () => {}, end: () => {} };
  let so = NO_PROGRESS;
  return {
    onEvent(event) {
      so = progressed(so, event);
      io.err(`\r\u001b[2K${progressLine(so, io.columns)}`);
    },
    end: () => io.err('\r\u001b[2K'),
  };
}
