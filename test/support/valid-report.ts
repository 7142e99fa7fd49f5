import { readFileSync } from 'node:fs';
import * as ajvModule from 'ajv';
import * as formats from 'ajv-formats';
import { expect } from 'vitest';

const schema: object = JSON.parse(readFileSync(new URL('../../schema/report.schema.json', import.meta.url), 'utf8'));
const ajv = new ajvModule.Ajv({ allErrors: true, strict: true, allowUnionTypes: true });
formats.default.default(ajv);
const validate = ajv.compile(schema);

/** The mistakes of a report (parsed from its JSON) against `schema/report.schema.json`; empty when it is valid. */
export function reportMistakes(report: unknown): readonly string[] {
  if (validate(report)) return [];
  return (validate.errors ?? []).map(({ instancePath, message, params }) =>
    [instancePath, message, JSON.stringify(params)].join(' '),
  );
}

/** Expects the text of a JSON report to be valid. */
export function expectValidReport(text: string): void {
  expect(reportMistakes(JSON.parse(text))).toEqual([]);
}
