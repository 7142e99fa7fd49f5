import { aip } from './aip.js';
import { async } from './async.js';
import { bodyKey } from './body-key.js';
import { enveloped } from './enveloped.js';
import { jsonApi } from './json-api.js';
import type { Style } from './style.js';

/** Every style beside the plain one. */
export const styles: readonly Style[] = [enveloped, bodyKey, aip, jsonApi, async];

/** The style of this name; `null` for the plain one, `undefined` where there is none. */
export function styleNamed(name: string): Style | null | undefined {
  return name === 'plain' ? null : styles.find(style => style.name === name);
}
