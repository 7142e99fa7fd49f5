export { check, type CheckOptions } from './cli/check.js';
export { SpecError, UsageError, type Location, type Mistake } from './core/errors.js';
export type { OnEvent, RunEvent } from './core/events.js';
export type { Report, ReportExchange, ReportFinding, ReportResult } from './core/report.js';
