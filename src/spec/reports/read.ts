import { Ajv, type ErrorObject } from 'ajv';
import ajvFormats from 'ajv-formats';
import { messageOf, UsageError } from '../../core/errors.js';
import type { Grounds } from '../../core/grounds.js';
import type { Report } from '../../core/report.js';
import type { Resource } from '../../core/resource.js';
import { isMembers, member, type Members } from '../data.js';
import { revivedResources } from './revive.js';

/** A report that can be judged again. */
export interface JudgeableReport extends Report {
  readonly grounds: Grounds;
}

/** A report, and the resources of its grounds. */
export interface ReadReport {
  readonly report: JudgeableReport;
  readonly resources: readonly Resource[];
}

/** Of a report that does not fit, so many mistakes are told. */
const MOST_MISTAKES = 5;

const AGAIN = 'make a report with: idem-check run --report json';

/**
 * A JSON report from its text. Members that this version does not know are left out, so that a report of a later one can
 * be read as well. Throws UsageError that says what the file is and what to do.
 */
export function readReport(text: string, file: string, schema: Members): ReadReport {
  const value = parsed(text, file);
  const tool = member(value, 'tool');
  if (!isMembers(value) || member(tool, 'name') !== 'idem-check' || !Object.hasOwn(value, 'schemaVersion')) {
    throw new UsageError(`${file}: is no JSON report of idem-check; ${AGAIN}`);
  }
  const version = value['schemaVersion'];
  if (version !== 1) {
    throw new UsageError(`${file}: is a report of schema version ${textOf(version)}; this release reads version 1`);
  }
  if (!Object.hasOwn(value, 'grounds')) {
    throw new UsageError(
      `${file}: written by idem-check ${textOf(member(tool, 'version'))}, it has no grounds to be judged on: it is of an ` +
        `older version, or of ttl, whose keys only that run knew; ${AGAIN}`,
    );
  }
  const report = valid(value, file, schema);
  try {
    return { report, resources: revivedResources(report.grounds) };
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof SyntaxError)) throw error;
    throw new UsageError(`${file}: its grounds do not go together: ${messageOf(error)}; ${AGAIN}`);
  }
}

function parsed(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError(`${file}: is no JSON; ${AGAIN}`);
  }
}

/** Throws UsageError with what does not fit the published schema. */
function valid(value: Members, file: string, schema: Members): JudgeableReport {
  const options = { allErrors: true, strict: true, allowUnionTypes: true, validateSchema: false };
  const ajv = new Ajv({ ...options, removeAdditional: true, code: { optimize: false } });
  ajvFormats.default(ajv);
  const fits = ajv.compile<JudgeableReport>(schema);
  const candidate: unknown = value;
  if (fits(candidate)) return candidate;
  const told = [...new Set((fits.errors ?? []).map(mistakeText))];
  const rest = told.length - MOST_MISTAKES;
  const more = rest > 0 ? [`and ${rest} more`] : [];
  throw new UsageError([...told.slice(0, MOST_MISTAKES), ...more, AGAIN].map(line => `${file}: ${line}`).join('\n'));
}

function mistakeText({ instancePath, message = 'does not fit', params }: ErrorObject): string {
  const words: unknown = params['allowedValues'];
  const allowed = Array.isArray(words) ? ` (${words.map(String).join(', ')})` : '';
  return `${instancePath === '' ? 'the report' : instancePath.slice(1)} ${message}${allowed}`;
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value).slice(0, 40) : 'of its own';
}
