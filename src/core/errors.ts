/** A place in a file the user wrote; line and column count from 1. */
export interface Location {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** One thing wrong in a file the user wrote. `path` is the dotted place inside it (`resources.order.reed`). */
export interface Mistake {
  readonly location: Location | null;
  readonly path: string;
  readonly text: string;
}

/** The user asked for something that cannot be done: one clear message, exit 2. */
export class UsageError extends Error {
  override readonly name: string = 'UsageError';
}

/** A spec file or document that cannot be used: every mistake in it, told in one go, exit 2. */
export class SpecError extends UsageError {
  override readonly name = 'SpecError';

  readonly mistakes: readonly Mistake[];

  constructor(mistakes: readonly Mistake[]) {
    super(mistakes.map(describeMistake).join('\n'));
    this.mistakes = mistakes;
  }
}

/** What an error says, whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** `file:line:column path: text`, the form editors and CI logs turn into a link. */
function describeMistake({ location, path, text }: Mistake): string {
  const place = location === null ? '' : `${location.file}:${location.line}:${location.column} `;
  return `${place}${path === '' ? '' : `${path}: `}${text}`;
}
