import { UsageError } from '../core/errors.js';
import type { OnEvent } from '../core/events.js';
import type { Report } from '../core/report.js';
import { conduct } from './conduct.js';
import { optionsOf, type GivenTo } from './flags/options.js';
import type { SpecSource } from './prepare.js';
import { ready } from './ready.js';

/**
 * How `check` is to go about it, all of it optional but for `url` where the spec names no target. Each is the flag of
 * `idem-check run` of the same name, written as on the command line: `{ url, checks: ['keys'], maxWait: '2s',
 * header: ['X-Tenant: acme'] }`.
 */
export interface CheckOptions extends GivenTo<'check'> {
  /** Ends the run: what was created is deleted, and the report says what was found until then. */
  readonly signal?: AbortSignal;
  /** Hears how the run goes. */
  readonly onEvent?: OnEvent;
  /** What `${NAME}` in the spec stands for; by default the environment of the process. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** How a spec that was no file goes by in messages. */
const NAME = 'the spec';

/**
 * Checks a target as `idem-check run` does, and prints and writes nothing. `spec` is an idem-check file or an OpenAPI
 * document: the path or the address of a file, its text (more than one line, or JSON), or the document as an object.
 * Rejects with SpecError for a spec that cannot be used, and with UsageError for options that cannot; whatever the target
 * does is in the report.
 */
export async function check(spec: string | object, options: CheckOptions = {}): Promise<Report> {
  const { signal = new AbortController().signal, onEvent = () => {}, env = process.env, ...given } = options;
  const parsed = optionsOf('check', given, name => name);
  const io = { env, cwd: process.cwd(), signal };
  return conduct({ ...(await ready(sourceOf(spec), parsed, io)), options: parsed, signal, onEvent });
}

function sourceOf(spec: unknown): SpecSource {
  if (typeof spec === 'string') return /^\s*\{|\n/.test(spec) ? { text: spec, name: NAME } : { file: spec };
  if (typeof spec !== 'object' || spec === null) {
    throw new UsageError('the spec is a path, a text or an object');
  }
  try {
    return { text: JSON.stringify(spec, null, 2), name: NAME };
  } catch (error) {
    throw new UsageError(`the spec is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}
