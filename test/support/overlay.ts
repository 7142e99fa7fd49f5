import { query } from 'json-p3';
import { parse } from 'yaml';

type Json = Readonly<Record<string, unknown>>;

/** Applies an OpenAPI Overlay 1.0 to a document: objects are merged, lists concatenated, all else replaced. */
export function applied(document: unknown, overlay: string): unknown {
  const { overlay: version, actions } = parse(overlay) as {
    readonly overlay: string;
    readonly actions: readonly { readonly target: string; readonly update: unknown }[];
  };
  if (version !== '1.0.0') throw new Error(`no overlay of version 1.0.0 but ${version}`);
  const whole = structuredClone(document);
  for (const { target, update } of actions) {
    const values = query(target, whole as never).values();
    if (values.length === 0) throw new Error(`${target} leads nowhere`);
    for (const value of values) mergeInto(value as Record<string, unknown>, update as Json);
  }
  return whole;
}

function mergeInto(target: Record<string, unknown>, update: Json): void {
  for (const [name, value] of Object.entries(update)) {
    const there = target[name];
    if (Array.isArray(there) && Array.isArray(value)) target[name] = [...there, ...value];
    else if (isObject(there) && isObject(value)) mergeInto(there, value);
    else target[name] = structuredClone(value);
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
