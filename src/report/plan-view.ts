import type { ColorSupportLevel } from 'chalk';
import type { HeaderLine } from '../core/http.js';
import type { Gap, Guess } from '../core/inference.js';
import type { OracleKind } from '../core/reading.js';
import { curlWords } from './curl.js';
import { groupBy } from './group-by.js';
import { plainDeep } from './plain.js';
import { plural } from './sentence.js';
import { createStyle, type Style } from './terminal/style.js';
import { wrapped } from './terminal/wrap.js';

/** What `idem-check plan` shows: which checks run on which operation, and why the others do not. Nothing was sent. */
export interface PlanView {
  readonly resources: readonly {
    readonly name: string;
    readonly parents: readonly string[];
    readonly oracle: OracleKind;
  }[];
  readonly operations: readonly PlannedOperation[];
  /** Requests of the whole run, as far as they can be foreseen. */
  readonly requests: number;
  /** What was read out of an OpenAPI document beyond its letter; empty without one. */
  readonly guesses: readonly Guess[];
  /** What could not be, and the lines that would say it. */
  readonly gaps: readonly Gap[];
  /** Credentials the document demands and nobody gave, each as a sentence. */
  readonly missing: readonly string[];
}

/** An operation and its checks. */
export interface PlannedOperation {
  readonly operation: string;
  readonly resource: string;
  readonly role: string;
  readonly key: { readonly in: string; readonly name: string; readonly required: boolean | null } | null;
  readonly requests: number;
  /** The first request of its checks, secrets masked; `null` when none is sent. */
  readonly first: {
    readonly method: string;
    readonly url: string;
    readonly headers: readonly HeaderLine[];
    readonly body: string | null;
  } | null;
  readonly checks: readonly PlannedCheck[];
}

/** A check of an operation: whether it applies, and what it sends, as far as that can be foreseen. */
export interface PlannedCheck {
  readonly check: string;
  readonly applies: boolean;
  /** Why it does not apply. */
  readonly reason: string | null;
  readonly requests: number;
}

const COUNTED = {
  list: 'effects are counted in its list',
  filter: 'effects are counted in its list, by marker',
  identity: 'effects are told apart by id',
  number: 'effects are seen as a number',
  view: 'effects are seen in what its reads show to move',
  command: 'effects are counted by a command',
  store: 'effects are counted in the store',
  none: 'nothing counts effects',
} as const satisfies Record<OracleKind, string>;

/** The plan for scripts: the same without the written-out requests. */
export function planJson({ resources, operations, requests, guesses, gaps, missing }: PlanView): string {
  const shown = operations.map(({ operation, resource, role, key, requests: own, checks }) => ({
    operation,
    resource,
    role,
    key,
    requests: own,
    checks,
  }));
  return `${JSON.stringify({ resources, operations: shown, requests, guesses, gaps, missing }, null, 2)}\n`;
}

/** The plan for people. The last line sums it up. */
export function renderPlan(
  view: PlanView,
  { colour = 0, width = 100 }: { readonly colour?: ColorSupportLevel; readonly width?: number } = {},
): string {
  const style = createStyle(colour);
  const measure = Math.max(40, width);
  const blocks = view.resources.map(({ name, parents, oracle }) => {
    const own = view.operations.filter(({ resource }) => resource === name);
    const within = parents.length === 0 ? '' : `, within ${parents.join(', ')}`;
    const head = plainDeep({ name, within });
    return [
      `${style.strong(head.name)}${head.within} ${style.faint(`· ${COUNTED[oracle]}`)}`,
      ...guessLines(
        view.guesses.filter(({ resource }) => resource === name),
        style,
        measure,
      ),
      ...own.flatMap(operation => ['', ...operationLines(operation, style, measure)]),
    ].join('\n');
  });
  const running = view.operations.reduce((sum, { checks }) => sum + checks.filter(({ applies }) => applies).length, 0);
  const total = [
    `${plural(running, 'check')} on ${plural(view.operations.length, 'operation')}`,
    `about ${plural(view.requests, 'request')}; nothing was sent`,
  ].join(', ');
  const whole = guessLines(
    view.guesses.filter(({ resource }) => resource === null),
    style,
    measure,
  );
  const open = [...gapLines(view.gaps, style, measure), ...missingLines(view.missing, style, measure)];
  const parts = [
    ...(whole.length === 0 ? [] : [whole.join('\n')]),
    ...blocks,
    ...(open.length === 0 ? [] : [open.join('\n')]),
    total,
  ];
  return `${parts.join('\n\n')}\n`;
}

/** What was guessed, each with its reason and the line of the document. */
function guessLines(guesses: readonly Guess[], style: Style, measure: number): readonly string[] {
  return plainDeep(guesses).flatMap(({ operation, about, value, reason, location }) => {
    const on = operation === null || about === 'create' ? '' : ` (${operation})`;
    const text = `${about} ${value}${on}: ${reason}, line ${location.line}`;
    return wrapped(text, measure - 11).map(
      (line, at) => `    ${style.faint(`${(at === 0 ? 'guess' : '').padEnd(7)}${line}`)}`,
    );
  });
}

/** What could not be inferred, and what would say it; what several lack is told once. */
function gapLines(gaps: readonly Gap[], style: Style, measure: number): readonly string[] {
  if (gaps.length === 0) return [];
  const described = gaps
    .map(gap => ({ ...plainDeep(gap), yaml: plainDeep(gap.yaml.split('\n')) }))
    .flatMap(({ operation, resource, text, yaml, location }) => [
      ...wrapped(`${location.file}:${location.line} ${operation ?? resource ?? ''}: ${text}`, measure - 4).map(
        (line, at) => `  ${at === 0 ? line : `  ${line}`}`,
      ),
      ...yaml.map(line => style.faint(`      ${line}`)),
    ]);
  return [style.strong('Not understood; lines of an idem-check.yaml that would help'), ...described];
}

function missingLines(missing: readonly string[], style: Style, measure: number): readonly string[] {
  if (missing.length === 0) return [];
  return [style.strong('Credentials'), ...missing.flatMap(text => wrapped(text, measure - 2).map(line => `  ${line}`))];
}

function operationLines(planned: PlannedOperation, style: Style, measure: number): readonly string[] {
  const { operation, role, key, requests, checks } = plainDeep(planned);
  const carrier = key === null ? 'no key' : `key ${key.name} in ${key.in}${key.required === true ? ', required' : ''}`;
  const volume = requests === 0 ? [] : [`about ${plural(requests, 'request')}`];
  const applying = checks.filter(({ applies }) => applies).map(({ check }) => check);
  const reasons = groupBy(
    checks.filter(({ applies }) => !applies),
    ({ reason }) => reason ?? 'does not apply',
  );
  return [
    `  ${style.strong(operation)}  ${style.faint([role, carrier, ...volume].join(', '))}`,
    ...row('runs', applying.join(', ') || 'nothing', style, measure),
    ...[...reasons].flatMap(([reason, skipped], at) =>
      row(at === 0 ? 'not' : '', `${reason}: ${skipped.map(({ check }) => check).join(', ')}`, style, measure, true),
    ),
    ...firstLines(planned.first, style),
  ];
}

function row(name: string, text: string, style: Style, measure: number, isFaint = false): readonly string[] {
  return wrapped(text, measure - 11).map(
    (line, at) => `    ${at === 0 ? style.faint(name.padEnd(7)) : ' '.repeat(7)}${isFaint ? style.faint(line) : line}`,
  );
}

function firstLines(first: PlannedOperation['first'], style: Style): readonly string[] {
  if (first === null) return [];
  return curlWords({ n: 1, request: first }).map((word, at, words) => {
    const label = at === 0 ? style.faint('first'.padEnd(7)) : ' '.repeat(9);
    return `    ${label}${word}${at === words.length - 1 ? '' : ' \\'}`;
  });
}
