import type { Operation } from '../../src/core/operation.js';
import type { Resource } from '../../src/core/resource.js';
import type { Scope } from '../../src/core/scope.js';
import type { Spec } from '../../src/core/spec.js';
import { specFromText } from '../../src/spec/load.js';

/** Variables that specs may name. */
export const ENV = { API_TOKEN: 'token-1', OTHER_TOKEN: 'token-2' };
/** Values a request can be built with. */
export const SCOPE: Scope = { marker: 'm-1', uuid: 'u-1', int: 7, now: '2026-01-01T00:00:00Z', values: {} };

/** The spec of an idem-check file whose first line is left out. */
export function spec(text: string, profile: string | null = null): Spec {
  return specFromText(`version: 1\n${text}`, 'idem-check.yaml', { env: ENV, profile });
}

/** The resource of this name; throws an Error when there is none. */
export function resource(from: Spec, name: string): Resource {
  const found = from.resources.find(one => one.name === name);
  if (found === undefined) throw new Error(`no resource ${name}`);
  return found;
}

/** What is there; throws an Error when it is not. */
export function given<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new Error('nothing there');
  return value;
}

/** The operation of a create that is written so. */
export function create(text: string, profile: string | null = null): Operation {
  return given(spec(`resources: { order: { create: ${text} } }`, profile).resources[0]?.create);
}
