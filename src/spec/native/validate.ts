import { readFileSync } from 'node:fs';
import * as ajv from 'ajv';
import type { SpecFile } from '../../generated/spec.js';
import { isMembers } from '../data.js';
import type { Mistakes } from '../mistakes.js';
import type { Path } from '../source.js';
import { didYouMean } from '../suggest.js';

type Problem = ajv.ErrorObject;

/** Holds a document against the published schema; every mistake goes to the list, with a suggestion where one is near. */
export function validate(value: unknown, mistakes: Mistakes): value is SpecFile {
  const schema: unknown = JSON.parse(
    readFileSync(new URL('../../../schema/idem-check.schema.json', import.meta.url), 'utf8'),
  );
  if (!isMembers(schema)) throw new Error('the schema of spec files is no object');
  const check = new ajv.default.default({ allErrors: true, verbose: true, strict: false }).compile(schema);
  if (check(value)) return true;
  for (const problem of telling(check.errors ?? [])) {
    const path = pathOf(problem);
    mistakes.add(path, textOf(problem), isKeyProblem(problem) ? 'key' : 'value');
  }
  return false;
}

/** Of what a `oneOf` complains about only the alternative that fits the value's type is worth telling. */
function telling(problems: readonly Problem[]): readonly Problem[] {
  const rank = ({ keyword, data, parentSchema }: Problem) => {
    if (keyword === 'oneOf') return 2;
    if (keyword === 'const' && typeof data === 'object') return 3;
    const wanted: unknown = parentSchema?.['type'];
    return keyword === 'type' && (wanted === 'string' || wanted === 'object' || wanted === 'array') ? 1 : 0;
  };
  const oneOfs = problems.filter(({ keyword }) => keyword === 'oneOf').map(({ instancePath }) => instancePath);
  return problems
    .filter(problem => {
      const isChoice = oneOfs.includes(problem.instancePath);
      const better = problems.some(
        other =>
          other !== problem &&
          rank(other) < rank(problem) &&
          (other.instancePath === problem.instancePath || other.instancePath.startsWith(`${problem.instancePath}/`)),
      );
      return !(isChoice && better);
    })
    .toSorted((a, b) => rank(a) - rank(b));
}

function isKeyProblem({ keyword }: Problem): boolean {
  return keyword === 'additionalProperties';
}

function pathOf({ instancePath, keyword, params }: Problem): Path {
  const path = instancePath
    .split('/')
    .slice(1)
    .map(step => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map(step => (/^\d+$/.test(step) ? Number(step) : step));
  const extra: unknown = keyword === 'additionalProperties' ? params['additionalProperty'] : undefined;
  return typeof extra === 'string' ? [...path, extra] : path;
}

function textOf({ keyword, params, message, data, parentSchema }: Problem): string {
  switch (keyword) {
    case 'additionalProperties': {
      const known: unknown = parentSchema?.['properties'];
      const written = String(params['additionalProperty']);
      return `unknown key${didYouMean(written, isMembers(known) ? Object.keys(known) : [])}`;
    }
    case 'required':
      return `needs "${String(params['missingProperty'])}"`;
    case 'enum': {
      const allowed: unknown = params['allowedValues'];
      const words = Array.isArray(allowed) ? allowed.map(String) : [];
      return `${shown(data)} is not one of ${words.join(', ')}${didYouMean(String(data), words)}`;
    }
    case 'const':
      return `must be ${JSON.stringify(params['allowedValue'])}, not ${shown(data)}`;
    case 'type':
      return `must be ${article(String(params['type']))}, not ${shown(data)}`;
    case 'pattern':
      return `${shown(data)} is no request; write "METHOD /path", such as "GET /orders/{id}"`;
    default:
      return `${message ?? 'does not fit the format'}`;
  }
}

function article(type: string): string {
  const words = type.split(',').map(word => (/^[aeio]/.test(word) ? `an ${word}` : `a ${word}`));
  return words.join(' or ');
}

function shown(data: unknown): string {
  if (Array.isArray(data)) return 'a list';
  if (data === null) return 'nothing';
  if (typeof data === 'object') return 'a mapping';
  return JSON.stringify(data).slice(0, 60);
}
