import type { Report } from '../core/report.js';

/** The JSON report, the record of a run: `schema/report.schema.json`. */
export function renderJson(report: Report): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}
