import { checks } from '../checks/registry.js';
import { UsageError } from '../core/errors.js';
import { renderExplain, renderList } from '../report/catalogue.js';
import { didYouMean } from '../spec/suggest.js';
import { EXIT } from './exit.js';
import type { Io } from './io.js';

/** `idem-check list`. */
export async function list(io: Io): Promise<number> {
  io.out(`${renderList(checks)}\n`);
  return EXIT.ok;
}

/** `idem-check explain <check>`. Throws UsageError on a check nobody knows. */
export async function explain(id: string, io: Io): Promise<number> {
  const check = checks.find(one => one.id === id);
  if (check === undefined) {
    throw new UsageError(
      `no check is called "${id}"${didYouMean(
        id,
        checks.map(one => one.id),
      )} See idem-check list.`,
    );
  }
  io.out(`${renderExplain(check)}\n`);
  return EXIT.ok;
}
