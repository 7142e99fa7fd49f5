import type { HeaderLine } from '../core/http.js';
import type { ReportExchange, ReportResult } from '../core/report.js';
import { groupBy } from './group-by.js';
import { MASKS } from './redact.js';
import { printfWord, shellWord } from './shell.js';

/** Header lines curl sets by itself, or that only say that it was idem-check which sent. */
const OWN = new Set([
  'host',
  'content-length',
  'connection',
  'transfer-encoding',
  'accept-encoding',
  'user-agent',
  'cache-control',
  'pragma',
]);
/** Longer bodies are named, not written out. */
const LONGEST_BODY = 2000;
const MOST_LINES = 8;

/** What a curl line is made of; `n` names the body file of a request too long to be written out. */
export interface Sendable {
  readonly n: number;
  /** Another caller than the target's own: its masked values have variables of their own. */
  readonly identity?: string;
  readonly request: {
    readonly method: string;
    readonly url: string;
    readonly headers: readonly HeaderLine[];
    readonly body: string | null;
  };
}

/** A command line as its words, already quoted; the first may be a pipe that feeds curl. */
export type CommandWords = readonly string[];

/** The curl line that sends an exchange's request again; it can be pasted into any POSIX shell. */
export function curlLine(exchange: Sendable): string {
  return curlWords(exchange).join(' ');
}

/** The same as words that may stand on lines of their own. */
export function curlWords(exchange: Sendable): CommandWords {
  const { request } = exchange;
  const { feed, data } = bodyWords(exchange);
  const globs = /[[\]{}]/.test(request.url.replaceAll(MASKS, '')) ? ['-g'] : [];
  const command = ['curl', '-sS', '-i', ...globs, ...methodWords(request), shellWord(request.url)].join(' ');
  return [`${feed}${command}`, ...headerWords(exchange), ...data];
}

/**
 * What shows a finding: the requests of its attempt that change something or are its proof, in their order; a race as
 * requests in the background that are waited for. One line a command.
 */
export function curlSequence(result: ReportResult, exchanges: readonly ReportExchange[]): readonly CommandWords[] {
  const proof = new Set(result.findings.flatMap(finding => finding.exchanges));
  const proven = exchanges.filter(({ n }) => proof.has(n));
  const last = proven.at(-1);
  if (last === undefined) return [];
  const rounds = new Set(proven.filter(({ attempt }) => attempt === last.attempt).map(({ round }) => round));
  const own = new Set(result.exchanges);
  const released = new Set(
    proven.flatMap(one => (one.sync === null ? [] : [`${one.step}/${one.attempt}/${one.round}`])),
  );
  const isRace = (one: ReportExchange) => one.sync !== null && released.has(`${one.step}/${one.attempt}/${one.round}`);
  const shown = exchanges.filter(
    one =>
      own.has(one.n) &&
      one.attempt === last.attempt &&
      rounds.has(one.round) &&
      (isRace(one) || (one.n <= last.n && (proof.has(one.n) || isWrite(one)))),
  );
  const few =
    shown.filter(one => one.sync === null).length > MOST_LINES ? shown.filter(({ n }) => proof.has(n)) : shown;
  return commands(few);
}

function commands(exchanges: readonly ReportExchange[]): readonly CommandWords[] {
  const lines: CommandWords[] = [];
  const steps = new Set<string>();
  for (const exchange of exchanges) {
    if (exchange.sync === null) lines.push(curlWords(exchange));
    else if (!steps.has(exchange.step)) {
      steps.add(exchange.step);
      lines.push(...raceLines(widestRound(exchanges.filter(({ step }) => step === exchange.step))));
    }
  }
  return lines;
}

/** The round of a race with the most requests; a finding may rest on several. */
function widestRound(exchanges: readonly ReportExchange[]): readonly ReportExchange[] {
  const released = exchanges.filter(({ sync }) => sync !== null);
  const rounds = [...groupBy(released, ({ attempt, round }) => `${attempt}/${round}`).values()];
  return rounds.toSorted((a, b) => b.length - a.length)[0] ?? [];
}

/** Equal requests as a loop, different ones as the first two of them. */
function raceLines(released: readonly ReportExchange[]): readonly CommandWords[] {
  const [first, second] = released;
  if (first === undefined) return [];
  const differ = new Set(released.map(curlLine)).size > 1 && second !== undefined;
  const note = `# ${released.length} at once, must overlap: repeat as needed`;
  if (!differ) {
    const turns = released.map((_, index) => index + 1).join(' ');
    const [head, ...rest] = curlWords(first);
    return [[note], [`for i in ${turns}; do ${head}`, ...rest, '& done; wait']];
  }
  return [[note], [...curlWords(first), '&'], [...curlWords(second), '& wait']];
}

function isWrite({ request }: Sendable): boolean {
  return request.method !== 'GET' && request.method !== 'HEAD' && request.method !== 'OPTIONS';
}

/** `-X` only where curl would choose another method. */
function methodWords({ method, body }: Sendable['request']): readonly string[] {
  if (method === 'HEAD' && body === null) return ['-I'];
  const chosen = body === null ? 'GET' : 'POST';
  return method === chosen ? [] : ['-X', method];
}

function headerWords({ request: { headers, body }, identity }: Sendable): readonly string[] {
  const lines = headers.filter(([name]) => !OWN.has(name.toLowerCase())).map(line => headerWord(line, identity));
  const isTyped = headers.some(([name]) => name.toLowerCase() === 'content-type');
  return body === null || isTyped ? lines : [...lines, "-H 'Content-Type:'"];
}

function headerWord([name, value]: readonly [string, string], identity: string | undefined): string {
  if (value === '') return `-H ${shellWord(`${name};`)}`;
  const isMasked = value.search(MASKS) !== -1 && /^[\w-]+$/.test(name);
  if (!isMasked) return `-H ${shellWord(`${name}: ${value}`)}`;
  const variable = [identity, name].filter(part => part !== undefined).join('_');
  return `-H "${name}: $IDEM_CHECK_${variable.toUpperCase().replaceAll(/\W/g, '_')}"`;
}

function bodyWords({ n, request: { body } }: Sendable): {
  readonly feed: string;
  readonly data: readonly string[];
} {
  if (body === null) return { feed: '', data: [] };
  if (body.length > LONGEST_BODY) return { feed: '', data: [`--data-binary @exchange-${n}.body`] };
  const word = shellWord(body);
  // A substitution would lose line ends at the end of the body, and bytes of value 0.
  if (word.includes('$(printf')) return { feed: `printf %b ${printfWord(body)} | `, data: ['--data-binary @-'] };
  return { feed: '', data: [`--data-raw ${word}`] };
}
