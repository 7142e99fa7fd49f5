import type { CheckMeta } from '../core/check.js';
import { racePower } from '../core/race.js';
import type { RacePower } from '../core/race.js';
import { strengthOf } from '../core/reading.js';
import type {
  Outcome,
  RecordedExchange,
  Report,
  ReportExchange,
  ReportFinding,
  ReportResult,
  Result,
} from '../core/report.js';
import type { Waiver } from '../core/spec.js';
import { isKnown, type KnownResults } from './baseline.js';
import { checklistOf } from './checklist.js';
import { CONTRACT_DRIFT } from './contract/drift-check.js';
import { observedContract, type ContractContext } from './contract/observed.js';
import { docsOf } from './docs-link.js';
import { exitCodeOf, verdictUnder, type Gate } from './gate.js';
import { observedIn } from './observed.js';
import { redactExchange, redactResult } from './redact-report.js';
import type { Redaction } from './redact.js';
import { releaseNote } from './release-note.js';
import { asSentence, findingSentence, fromWorst, noteSentence, plural, reasonSentence } from './sentence.js';

/** What a report says beside the outcome of the run. */
export interface ReportContext {
  readonly version: string;
  readonly target: string;
  readonly profile: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly durationMs: number;
  readonly seed: number;
  /** Where messages, `expected`, `why` and `fix` come from. */
  readonly checks: readonly CheckMeta[];
  readonly gate: Gate;
  readonly waivers: readonly Waiver[];
  /** Results of an earlier run that do not count; `null` without a baseline. */
  readonly baseline: KnownResults | null;
  /** `YYYY-MM-DD`: a waiver holds up to and including its `until`. */
  readonly today: string;
  readonly redact: Redaction;
  /** Set where the observed contract is told. */
  readonly contract?: ContractContext;
}

/** The report of a run: prose added, waivers applied, secrets masked. Pure. */
export function buildReport(outcome: Outcome, context: ReportContext): Report {
  const redact = context.redact.learning(bodiesOf(outcome.exchanges));
  const byNumber = new Map(outcome.exchanges.map(exchange => [exchange.n, exchange]));
  const checks = new Map([...context.checks, CONTRACT_DRIFT].map(check => [check.id, check]));
  const observed = context.contract && observedContract(outcome.results, context.contract, redact);
  const results = [...outcome.results, ...(observed?.results ?? [])].map(result =>
    redactResult(resultOf(result, exchangesOf(result, byNumber), checks.get(result.check), context), redact),
  );
  return {
    schemaVersion: 1,
    tool: { name: 'idem-check', version: context.version },
    target: redact.url(context.target),
    profile: context.profile,
    startedAt: context.startedAt,
    durationMs: Math.max(0, Math.round(context.durationMs)),
    seed: context.seed,
    exitCode: exitCodeOf({ ...outcome, results }, context.gate),
    summary: summaryOf(results, outcome.exchanges),
    checklist: checklistOf(results, context.checks),
    results,
    exchanges: outcome.exchanges.map(exchange => redactExchange(exchangeOf(exchange), redact)),
    ...(observed === undefined ? {} : { contract: observed.contract }),
    leftovers: outcome.leftovers.map(({ resource, id, url }) => ({
      resource,
      id: redact.text(id),
      url: redact.url(url),
    })),
    ...(outcome.internalErrors.length === 0 ? {} : { internalErrors: outcome.internalErrors.map(redact.text) }),
  };
}

function exchangesOf(result: Result, byNumber: ReadonlyMap<number, RecordedExchange>): readonly RecordedExchange[] {
  return result.exchanges.flatMap(n => byNumber.get(n) ?? []);
}

function* bodiesOf(exchanges: readonly RecordedExchange[]): Iterable<string> {
  for (const { request, response } of exchanges) {
    if (request.body !== null) yield request.body;
    if (response !== null && response.bodyEncoding === 'utf8') yield response.body;
  }
}

function resultOf(
  result: Result,
  exchanges: readonly RecordedExchange[],
  check: CheckMeta | undefined,
  context: ReportContext,
): ReportResult {
  const proof = new Set(result.findings.flatMap(finding => finding.exchanges));
  // What is said of a document or a contract may rest on a request of a race, and is none.
  const race = check?.group === 'docs' ? null : racePower(exchanges, proof);
  const observed = observedIn(result, exchanges);
  const waiver = context.waivers.find(one => covers(one, result));
  const findings = result.findings.map(finding => ({ ...finding, message: findingSentence(finding, check) }));
  return {
    id: result.id,
    check: result.check,
    variant: result.variant,
    operation: result.operation,
    resource: result.resource,
    verdict: verdictUnder(context.gate, result),
    severity: result.severity,
    basis: result.basis,
    oracle: strengthOf(result.oracleKind),
    oracleKind: result.oracleKind,
    reason: result.reason,
    findings,
    notes: [
      ...result.notes.map(note => noteSentence(note, check)),
      ...(result.findings.length > 0 ? releaseNote(race) : []),
      ...endedNote(waiver, context.today),
    ],
    message: messageOf(result, findings, check, race, observed),
    expected: check?.expected ?? '',
    observed: observed === '' ? 'nothing was sent' : observed,
    why: check?.why ?? '',
    fix: check?.fix ?? '',
    docs: docsOf(result.check),
    waived: waivedBy(result, waiver, context),
    race,
    readings: result.readings.map(({ world: _world, ...reading }) => reading),
    ...(result.hooks === undefined ? {} : { hooks: result.hooks }),
    exchanges: result.exchanges,
    location: result.location,
    durationMs: Math.max(0, Math.round(result.durationMs)),
  };
}

function messageOf(
  result: Result,
  findings: readonly ReportFinding[],
  check: CheckMeta | undefined,
  race: RacePower | null,
  observed: string,
): string {
  switch (result.verdict) {
    case 'fail':
    case 'warn':
      return findings.length === 0 ? 'Found, but not told.' : fromWorst(findings).join(' ');
    case 'inconclusive':
    case 'not-applicable':
      return reasonSentence(result.reason ?? 'no reason was given', result.reasonArgs);
    case 'pass':
      return race === null ? heldMessage(check, observed) : raceMessage(race, check);
  }
}

function heldMessage(check: CheckMeta | undefined, observed: string): string {
  return observed === '' ? asSentence(check?.title ?? 'held') : asSentence(`held: ${observed}`);
}

const RACED = [
  ['duplicate-created', 'No duplicate'],
  ['several-winners', 'Never more than one winner'],
  ['crashed', 'No crash'],
] as const;

/** What a race without a counter-example is worth: rounds, width, overlap, spread. */
function raceMessage(race: RacePower, check: CheckMeta | undefined): string {
  const claim = RACED.find(([code]) => Object.hasOwn(check?.messages ?? {}, code))?.[1] ?? 'No counter-example';
  const rounds = race.ways.reduce((sum, way) => sum + way.rounds, 0);
  const overlapping = race.ways.reduce((sum, way) => sum + way.overlapping, 0);
  const width = race.widths.at(-1) ?? 0;
  const upTo = race.widths.length > 1 ? `up to ${width}` : String(width);
  const overlap = overlapping === rounds ? 'all overlapping' : `${overlapping} of them overlapping`;
  const spread = race.spreadUs === null ? '' : `, released within ${Math.round(race.spreadUs.max)} us`;
  return `${claim} in ${plural(rounds, 'round')} of ${upTo}, ${overlap}${spread}.`;
}

/** A waiver names a check, or one variant of it, and an operation or none. */
function covers({ check, operation }: Waiver, result: Result): boolean {
  const named = check === result.check || (result.variant !== null && check === `${result.check}:${result.variant}`);
  return named && (operation === null || operation === result.operation);
}

function hasEnded({ until }: Waiver, today: string): boolean {
  return until !== null && until < today;
}

function waivedBy(result: Result, waiver: Waiver | undefined, context: ReportContext): ReportResult['waived'] {
  if (result.verdict === 'pass' || result.verdict === 'not-applicable') return null;
  if (waiver !== undefined && !hasEnded(waiver, context.today)) return { reason: waiver.reason, until: waiver.until };
  const isOld =
    context.baseline !== null && isKnown(context.baseline, { ...result, verdict: verdictUnder(context.gate, result) });
  return isOld ? { reason: 'known: it is in the baseline', until: null } : null;
}

function endedNote(waiver: Waiver | undefined, today: string): readonly string[] {
  if (waiver === undefined || !hasEnded(waiver, today)) return [];
  return [`The waiver "${waiver.reason}" ended on ${waiver.until}.`];
}

function summaryOf(results: readonly ReportResult[], exchanges: readonly RecordedExchange[]): Report['summary'] {
  const open = results.filter(({ waived }) => waived === null);
  const count = (verdict: ReportResult['verdict']) => open.filter(result => result.verdict === verdict).length;
  return {
    pass: count('pass'),
    fail: count('fail'),
    warn: count('warn'),
    inconclusive: count('inconclusive'),
    notApplicable: count('not-applicable'),
    waived: results.length - open.length,
    requests: exchanges.filter(({ sentAtUs }) => sentAtUs !== null).length,
  };
}

/** An exchange in the order and with the members the schema has, whatever else the engine hung on it. */
function exchangeOf(exchange: RecordedExchange): ReportExchange {
  const { n, result, step, attempt, round, lane, sync, request, response, lost, lostDetail } = exchange;
  const { identity, sentAtUs, writtenAtUs, firstByteAtUs, endAtUs, early } = exchange;
  const { method, url, headers, body } = request;
  return {
    n,
    result,
    step,
    attempt,
    round,
    lane,
    ...(identity === undefined ? {} : { identity }),
    sync,
    request: { method, url, headers, body, bodyEncoding: 'utf8' },
    response,
    lost,
    lostDetail,
    sentAtUs,
    writtenAtUs,
    firstByteAtUs,
    endAtUs,
    ...(early === true ? { early } : {}),
  };
}
