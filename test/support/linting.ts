import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the project. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** What the linter says of one place. */
export interface Complaint {
  /** As in a disable comment, with its plugin in brackets: `eslint(max-lines)`. */
  readonly rule: string;
  /** From the root of the linted tree. */
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

/** A tree of files with the linter's rules of this project, apart from the project. */
export interface Lintable {
  /** Writes files, and forgets those written before. */
  readonly write: (files: Readonly<Record<string, string>>) => void;
  /** What the linter says of `src`. Throws an Error with its words when it could not run. */
  readonly lint: () => readonly Complaint[];
  readonly remove: () => void;
}

/** A new tree; `house` stands in for ARCHITECTURE.md. */
export function createLintable(house = readFileSync(join(ROOT, 'ARCHITECTURE.md'), 'utf8')): Lintable {
  const folder = mkdtempSync(join(tmpdir(), 'idem-check-lint-'));
  for (const one of ['.oxlintrc.json', 'scripts/lint']) {
    cpSync(join(ROOT, one), join(folder, one), { recursive: true });
  }
  writeFileSync(join(folder, 'ARCHITECTURE.md'), house);
  return {
    write(files) {
      rmSync(join(folder, 'src'), { recursive: true, force: true });
      for (const [file, text] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, file)), { recursive: true });
        writeFileSync(join(folder, file), text);
      }
    },
    lint: () => complaintsIn(folder),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function complaintsIn(folder: string): readonly Complaint[] {
  const { stdout, stderr } = spawnSync(join(ROOT, 'node_modules/.bin/oxlint'), ['--format', 'json', 'src'], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (!stdout.startsWith('{')) throw new Error(`${stdout}${stderr}`);
  const { diagnostics } = JSON.parse(stdout) as {
    readonly diagnostics: readonly {
      readonly code: string;
      readonly filename: string;
      readonly message: string;
      readonly labels: readonly { readonly span: { readonly line: number } }[];
    }[];
  };
  return diagnostics.map(({ code, filename, message, labels }) => ({
    rule: code,
    file: filename,
    line: labels[0]?.span.line ?? 0,
    message,
  }));
}
