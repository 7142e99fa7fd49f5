import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { styles } from '../../src/reference/styles/registry.js';
import { cli } from '../support/run-cli.js';

test('its help names every style', async () => {
  const { out } = await cli(['serve', '--help']);
  for (const { name } of styles) expect(out.replaceAll(/\s+/g, ' ')).toContain(name);
});

test('a style prints the spec it speaks by', async () => {
  const { code, out, err } = await cli(['serve', '--style', 'json-api'], {}, AbortSignal.abort());
  expect([code, err]).toEqual([0, expect.stringContaining('speaks json-api: JSON:API documents')]);
  expect(parse(out).resources.order.version).toEqual({ in: 'body', name: '$.data.attributes.version' });
});

test('a style that is none is a usage error, with the next one', async () => {
  const { code, err } = await cli(['serve', '--style', 'envelopped']);
  expect([code, err]).toEqual([2, expect.stringContaining('did you mean "enveloped"?')]);
});
