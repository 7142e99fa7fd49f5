import { outgoing } from '../../core/arrange.js';
import { defineCheck, skip } from '../../core/check.js';
import { exchangesOf } from '../../core/evidence.js';
import { header, isSuccess, statusOf, type Answered } from '../../core/http.js';
import { send } from '../../core/step.js';
import { fail, findings, inconclusive, note, pass, suspect, warn, type Finding } from '../../core/verdict.js';
import { hasAnswer, lostAnswer, needsSuccess } from '../lib/http/answers.js';
import { isCrash, voided } from '../lib/http/statuses.js';
import { readable } from '../lib/steps/readable.js';
import { whyNoRead } from '../lib/steps/reads.js';

/** Fields of GET that HEAD is to repeat, beside Content-Length (RFC 9110 section 9.3.2). */
const FIELDS: readonly string[] = ['ETag', 'Content-Type'];

/** Answers of a server that routes GET alone. */
const UNSERVED: readonly number[] = [404, 405];

export const headMatchesGet = defineCheck({
  id: 'head-matches-get',
  group: 'safe',
  title: 'HEAD answers as GET does, without a body',
  severity: 'low',
  basis: 'must',
  refs: ['RFC 9110 section 9.3.2', 'RFC 9110 section 9.1', 'RFC 9110 section 8.6'],
  sends: 'GET, HEAD and GET again, back to back, with the same headers.',
  judges:
    "Passes when HEAD has GET's status, ETag, Content-Type and Content-Length, as far as it sends them. Fails when body bytes follow the head, when Content-Length is not the length of GET's content, and when HEAD gets a 5xx while GET works, again in a second try. Warns when HEAD is not served (404, 405), and when status, ETag or Content-Type differ. Stays open when the two GETs differ in length.",
  expected: "GET's status and headers, and no content.",
  why: 'Caches, link checkers and download managers ask with HEAD. Bytes after the head of a HEAD are taken for the next answer on that connection.',
  fix: 'Let the framework derive HEAD from GET; do not write a body, and send the Content-Length that GET sends or none.',
  guards: [
    'A header in which the two GETs differ is not compared.',
    'Lengths are compared only under the same Content-Encoding.',
    'A header that HEAD leaves out is no more than a note: it may cost too much to compute.',
    'A 429, 502, 503 or 504 voids the try.',
  ],
  messages: {
    'body-sent': 'HEAD was answered with {bytes} bytes of content.',
    'length-differs': 'HEAD says Content-Length {head}; the content of GET has {get} bytes.',
    'head-differs': '{field} of HEAD is {head}; of GET it is {get}.',
    'head-not-served': 'HEAD was answered with {status}, GET with {get}.',
    'head-crashed': 'HEAD was answered with {status}, GET with {get}.',
  },
  notes: { 'head-omits': 'HEAD leaves out {fields}, which GET sends.' },
  isolation: 'alone',

  select(subject) {
    const reason = whyNoRead(subject);
    return reason === null ? subject : skip(reason);
  },

  *probe(subject, tools) {
    const { scope } = yield* readable(subject, tools);
    const get = outgoing(subject.operation, scope);
    yield* send('get', get);
    yield* send('head', { ...get, request: { ...get.request, method: 'HEAD', body: null } });
    yield* send('get-again', get);
  },

  judge(_, evidence) {
    const [get, head, again] = exchangesOf(evidence, 'get', 'head', 'get-again');
    const unusable = voided(get, again) ?? needsSuccess(get) ?? needsSuccess(again);
    if (unusable !== null) return unusable;
    if (!hasAnswer(get) || !hasAnswer(again)) return lostAnswer(get);
    if (!hasAnswer(head)) return lostAnswer(head);
    const open = voided(head);
    if (open !== null) return open;
    const found = findings([...refusals(get, head), ...differences(get, head, again)]);
    if (found !== null) return found;
    const isMeasured = lengthOf(head) !== null && isSuccess(head);
    if (isMeasured && get.response.bodyBytes !== again.response.bodyBytes) return inconclusive('unsteady');
    const left = FIELDS.filter(name => isSteady(name, get, again) && header(head.response, name) === null);
    return pass([left.length > 0 && note('head-omits', { fields: left.join(', ') })]);
  },
});

function refusals(
  get: Answered,
  head: Answered,
): readonly (Finding<'body-sent' | 'head-not-served' | 'head-crashed'> | false)[] {
  const { status, bodyBytes } = head.response;
  const args = { status, get: get.response.status };
  return [
    bodyBytes > 0 && fail('body-sent', { bytes: bodyBytes }, [head]),
    UNSERVED.includes(status) && warn('head-not-served', args, [get, head]),
    isCrash(status) && suspect('head-crashed', args, [get, head]),
  ];
}

function differences(
  get: Answered,
  head: Answered,
  again: Answered,
): readonly (Finding<'length-differs' | 'head-differs'> | false)[] {
  const { status } = head.response;
  if (UNSERVED.includes(status) || isCrash(status)) return [];
  if (status !== get.response.status) {
    if (again.response.status !== get.response.status) return [];
    return [warn('head-differs', { field: 'The status', head: status, get: get.response.status }, [get, head])];
  }
  return [lengthFinding(get, head, again), ...FIELDS.map(name => fieldFinding(name, get, head, again))];
}

function lengthFinding(get: Answered, head: Answered, again: Answered): Finding<'length-differs'> | false {
  const length = lengthOf(head);
  const [mine, theirs] = [get.response.bodyBytes, again.response.bodyBytes];
  const isComparable = length !== null && mine === theirs && codingOf(head) === codingOf(get);
  if (!isComparable || length === mine) return false;
  return fail('length-differs', { head: length, get: mine }, [get, head, again]);
}

function fieldFinding(name: string, get: Answered, head: Answered, again: Answered): Finding<'head-differs'> | false {
  const [mine, theirs] = [header(get.response, name), header(head.response, name)];
  if (mine === null || theirs === null || mine === theirs || !isSteady(name, get, again)) return false;
  if (name === 'ETag' && codingOf(head) !== codingOf(get)) return false;
  return warn('head-differs', { field: name, head: theirs, get: mine }, [get, head, again]);
}

function isSteady(name: string, get: Answered, again: Answered): boolean {
  const mine = header(get.response, name);
  return mine !== null && mine === header(again.response, name);
}

function lengthOf(answer: Answered): number | null {
  const text = header(answer.response, 'content-length');
  return text !== null && /^\d+$/.test(text.trim()) && statusOf(answer) !== 204 ? Number(text) : null;
}

function codingOf({ response }: Answered): string {
  return header(response, 'content-encoding')?.toLowerCase() ?? 'identity';
}
