/** Where a command writes, and what it knows of the terminal; only `main` ties it to the process. */
export interface Io {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly isTty: boolean;
  readonly columns: number;
  /** Colours the stream can show. */
  readonly depth: 0 | 1 | 2 | 3;
  /** Aborts when the user interrupts. */
  readonly signal: AbortSignal;
  /** Asks the user something, with what an empty answer stands for; left out where nobody can answer. */
  readonly ask?: (question: string, usual: string) => Promise<string>;
}

/** `--color/--no-color`, then NO_COLOR, then FORCE_COLOR, then what the stream can show. */
export function colourOf(flag: boolean | null, { env, depth }: Io): 0 | 1 | 2 | 3 {
  if (flag === false) return 0;
  if (flag === true) return depth === 0 ? 1 : depth;
  if ((env['NO_COLOR'] ?? '') !== '') return 0;
  if ((env['FORCE_COLOR'] ?? '') !== '' && env['FORCE_COLOR'] !== '0') return depth === 0 ? 1 : depth;
  return depth;
}
