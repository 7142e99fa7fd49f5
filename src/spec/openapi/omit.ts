import type { Operation } from '../../generated/spec.js';
import { isMembers } from '../data.js';
import { shownBy } from './answers.js';
import type { Workshop } from './bodies.js';
import type { Family } from './group.js';
import type { Notebook } from './notebook.js';
import type { ApiOperation } from './operations.js';
import { isReadOnly } from './sample.js';
import { shapeOf } from './shape.js';

/** An optional field of a PUT that may be left out, to see whether PUT replaces the whole. */
export function withOmit(
  written: Exclude<Operation, string>,
  replace: ApiOperation,
  family: Family,
  { workshop, notebook }: { readonly workshop: Workshop; readonly notebook: Notebook },
): Exclude<Operation, string> {
  const { document } = workshop;
  const { body } = written;
  if (!isMembers(body) || written.variant === undefined) return written;
  const shape = shapeOf(document, replace.body?.schema ?? null);
  const shown = shownBy(document, family.read);
  const found = [...shape.properties].find(
    ([name, node]) =>
      Object.hasOwn(body, name) &&
      !shape.required.has(name) &&
      shown?.has(name) === true &&
      shapeOf(document, node).words['default'] === undefined &&
      !isReadOnly(document, node) &&
      !JSON.stringify(body[name]).includes('{{'),
  );
  if (found === undefined) return written;
  const [name, node] = found;
  const why = { reason: 'it is optional, without a default, and the read shows it', node };
  notebook.guess({ resource: family.name, operation: `${replace.method} ${replace.path}` }, 'omit', `$.${name}`, why);
  return /^[A-Za-z_]\w*$/.test(name) ? { ...written, omit: [`$.${name}`] } : written;
}
