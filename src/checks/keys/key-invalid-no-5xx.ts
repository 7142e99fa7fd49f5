import { defineCheck, type Subject } from '../../core/check.js';
import { exchangeOf, readingOf, type Evidence } from '../../core/evidence.js';
import { isSuccess, statusOf, type Exchange } from '../../core/http.js';
import type { Operation } from '../../core/operation.js';
import type { Outgoing } from '../../core/resource.js';
import { fail, findings, note, pass, suspect, type Finding } from '../../core/verdict.js';
import { hasAnswer, lostAnswer, needsSuccess } from '../lib/http/answers.js';
import { isCrash, isRefusal, anyVoided } from '../lib/http/statuses.js';
import { passCounted } from '../lib/judging/counting.js';
import { keyText } from '../lib/steps/key-text.js';
import { keyedSubject } from '../lib/steps/stage.js';
import { deedOf, trialsOf } from '../lib/steps/trials.js';

/** A key no client should send. Its round is its place, counted from 1; round 0 is a usual key. */
interface Odd {
  /** What it is, for the messages. */
  readonly what: string;
  /** As it stands on the wire, made of a fresh key (of the same one in the second of a pair). */
  readonly text: (key: string) => string;
  /** A second line of the same header. */
  readonly isDouble?: boolean;
  /** The same or a like key comes before, with another payload: the two must stay apart. */
  readonly isSecond?: boolean;
}

const ODD: readonly Odd[] = [
  { what: 'an empty key', text: () => '' },
  { what: 'an empty key', text: () => '', isSecond: true },
  { what: 'a key of one space', text: () => ' ' },
  { what: 'a key of 256 characters', text: key => long(key, 256) },
  { what: 'a key of 1024 characters', text: key => `${long(key, 1023)}a` },
  { what: 'a key of 1024 characters', text: key => `${long(key, 1023)}b`, isSecond: true },
  { what: 'a key of 8192 characters', text: key => long(key, 8192) },
  { what: 'a key with a control character', text: key => `${key}\u0001` },
  { what: 'a key with a letter beyond ASCII', text: key => `${key}é` },
  { what: 'two keys', text: key => key, isDouble: true },
  { what: 'a key with one quote', text: key => `"${key}` },
  { what: 'a key that is JSON', text: key => `{"$gt":"${key}"}` },
  { what: 'a key that is a path', text: key => `../${key}` },
  { what: 'a key with an SQL comment', text: key => `${key}'--` },
  { what: 'a key with a wildcard', text: key => `${key}*` },
  { what: 'a key with an escaped NUL', text: key => `${key}:1\\u0000` },
];

export const keyInvalidNo5xx = defineCheck({
  id: 'key-invalid-no-5xx',
  group: 'keys',
  title: 'A malformed key is refused or ignored, and never shared',
  severity: 'medium',
  basis: 'should',
  refs: ['draft-ietf-httpapi-idempotency-key-header-07 sections 2.1 and 5 (expired)', 'RFC 9110 section 5.5'],
  sends:
    'The request with a usual key, then with keys no client should send, each with a payload of its own: empty (twice), one space, 256, 1024 (two that differ at the end) and 8192 characters, a control character, a letter beyond ASCII, two header lines, one quote, JSON, a path, an SQL comment, a wildcard, an escaped NUL. Byte for byte, past what a client library would refuse.',
  judges:
    'Passes when each is refused (400, 422, 431 or any other 4xx) or carried out. Fails when one is answered with a 500, again on a fresh resource, and when two requests with an empty key, or with long keys that differ at their end, are taken for one: the second is answered with what the first made or takes no effect, or is refused while the first is accepted and, sent again, gets its first answer (without that, again on fresh resources). A dropped connection is a note. Stays open when the usual key is not accepted, and when the connection was dropped on at least half of the others.',
  expected: 'A 4xx, or the request carried out for itself.',
  why: 'An empty key that counts as one merges the requests of every client that has the same bug. A 500 on a malformed header is a request nobody has thought about.',
  fix: 'Check length and characters of the key before it is looked up, and answer 400. Treat an empty key as none.',
  guards: [
    'The usual key must be accepted first.',
    'What cannot be sent as it is stays out, and is named.',
    'A 500 counts only when it comes again; so does a refusal of the second of a pair, unless the first is seen to replay.',
    'Proxies may refuse such requests themselves: any 4xx is fine.',
    'A 429, 502, 503 or 504 voids the try.',
  ],
  messages: {
    crashed: 'A request with {what} was answered with {status}.',
    collapsed:
      'Two requests with different payloads and {what} are one operation to the API: the second was answered with {status} and did nothing of its own.',
  },
  notes: {
    accepted: 'Carried out: requests with {what}.',
    dropped: 'The connection was dropped on a request with {what}.',
    'not-sent': 'Not tried: {what}.',
  },

  select: keyedSubject,

  *probe({ operation, resource }, tools) {
    const trials = yield* trialsOf({ operation, resource }, tools);
    const usual = yield* trials.play({ label: 'usual', round: 0, text: keyText(operation, tools.key()) });
    if (!isSuccess(usual)) return;
    let key = tools.key();
    for (const [at, odd] of ODD.entries()) {
      if (odd.isDouble === true && !isHeader(operation)) continue;
      if (odd.isSecond !== true) key = tools.key();
      const second = odd.isDouble === true ? tools.key() : null;
      const bend = (sent: Outgoing) => asItIs(sent, second);
      const exchange = yield* trials.play({ label: 'odd', round: at + 1, text: odd.text(key), bend });
      const isDue = odd.isSecond === true && isRefusal(statusOf(exchange) ?? 0);
      if (isDue) yield* trials.again('first-again', at);
    }
    yield* trials.count();
  },

  judge(target, evidence) {
    const usual = exchangeOf(evidence, 'usual');
    const unusable = anyVoided(evidence) ?? needsSuccess(usual);
    if (unusable !== null) return unusable;
    const tried = ODD.map((odd, at) => ({ odd, exchange: exchangeOf(evidence, 'odd', at + 1) }));
    const crash = tried.find(({ exchange }) => isCrash(statusOf(exchange) ?? 0));
    const bad = findings([...ODD.map((_, at) => collapsed(target, evidence, at)), crash && crashed(crash, usual)]);
    if (bad !== null) return bad;
    const answered = tried.filter(({ exchange }) => hasAnswer(exchange));
    const unsent = tried.filter(({ exchange }) => exchange === undefined || exchange.lost === 'protocol');
    const silent = tried.filter(one => !answered.includes(one) && !unsent.includes(one));
    // A server or proxy that hangs up on most of them has not shown what the API does with a malformed key.
    if (answered.length <= silent.length) return lostAnswer((silent[0] ?? tried[0])?.exchange);
    const named = (some: typeof tried) => [...new Set(some.map(({ odd }) => odd.what))].join(', ');
    const accepted = named(answered.filter(({ exchange }) => exchange !== undefined && isSuccess(exchange)));
    const dropped = named(silent);
    const notes = [
      accepted !== '' && note('accepted', { what: accepted }),
      dropped !== '' && note('dropped', { what: dropped }),
      unsent.length > 0 && note('not-sent', { what: named(unsent) }),
    ];
    const pair = tried.find(
      ({ odd, exchange }) => odd.isSecond === true && exchange !== undefined && isSuccess(exchange),
    );
    return pair === undefined
      ? pass(notes)
      : passCounted(evidence, readingOf(evidence, 'after', pair.exchange?.round), notes);
  },
});

/** The steps that are judged. */
type Steps = Evidence<'after' | 'odd' | 'first-again'>;

function isHeader({ contract }: Operation): boolean {
  return contract.key?.in === 'header';
}

/** The request byte for byte, with a second line of the key where there is one. */
function asItIs(sent: Outgoing, second: string | null): Outgoing {
  const carrier = sent.operation.contract.key;
  if (carrier?.in !== 'header') return sent;
  const { headers } = sent.request;
  const lines = second === null ? headers : [...headers, [carrier.name, second] as const];
  return { ...sent, request: { ...sent.request, headers: lines, verbatim: true } };
}

function crashed(
  { odd, exchange }: { readonly odd: Odd; readonly exchange: Exchange | undefined },
  usual: Exchange | undefined,
): Finding<'crashed'> {
  const proof = [usual, exchange].filter(one => one !== undefined);
  return suspect('crashed', { what: odd.what, status: statusOf(exchange) ?? 0 }, proof);
}

/** The second of a pair was taken for the first, which was carried out. */
function collapsed(target: Subject, evidence: Steps, at: number): Finding<'collapsed'> | null {
  const odd = ODD[at];
  const [first, second] = [exchangeOf(evidence, 'odd', at), exchangeOf(evidence, 'odd', at + 1)];
  if (odd?.isSecond !== true || first === undefined || second === undefined || !isSuccess(first)) return null;
  const status = statusOf(second) ?? 0;
  const args = { what: odd.what, status };
  if (deedOf(target, evidence, second, first) === 'taken') return fail('collapsed', args, [first, second]);
  if (!isRefusal(status)) return null;
  const again = exchangeOf(evidence, 'first-again', at);
  const isReplayed = again !== undefined && isSameRecord(target, first, again);
  return isReplayed ? fail('collapsed', args, [first, second, again]) : suspect('collapsed', args, [first, second]);
}

/** Both answers show the same id. That in an action's answer may be the id of its resource. */
function isSameRecord({ operation, resource }: Subject, one: Exchange, two: Exchange): boolean {
  if (operation.role !== 'create' || resource.id.from !== null || !isSuccess(one) || !isSuccess(two)) return false;
  const id = resource.id.of(one.response);
  return id !== null && id === resource.id.of(two.response);
}

function long(key: string, length: number): string {
  return `${key}${'x'.repeat(length)}`.slice(0, length);
}
