import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

const NAMES = ['idem-check.yaml', 'idem-check.yml', 'idem-check.json'];

/** The nearest idem-check file from a folder upward to the root of its repository; `null` when there is none. */
export function findSpec(from: string): string | null {
  const root = repositoryOf(from);
  for (let folder = from; ; folder = dirname(folder)) {
    const found = NAMES.map(name => join(folder, name)).find(isFile);
    if (found !== undefined) return found;
    if (folder === root || dirname(folder) === folder) return null;
  }
}

/** The root of the repository a folder lies in; `null` when it lies in none. */
export function repositoryOf(folder: string): string | null {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return at;
    if (dirname(at) === at) return null;
  }
}

function isFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() === true;
}
