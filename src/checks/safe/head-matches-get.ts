import { make, outgoing } from '../../core/arrange.js';
import { defineCheck, skip } from '../../core/check.js';
import { header, isSuccess } from '../../core/http.js';
import { send } from '../../core/step.js';
import { fail, findings, inconclusive, pass, suspect, warn } from '../../core/verdict.js';
import { hasAnswer, lostAnswer, needsSuccess, present } from '../lib/answers.js';
import { isCrash, voided } from '../lib/statuses.js';

export const headMatchesGet = defineCheck({
  id: 'head-matches-get',
  group: 'safe',
  title: 'HEAD answers as GET does, without a body',
  severity: 'low',
  basis: 'must',
  refs: ['RFC 9110 section 9.3.2', 'RFC 9110 section 9.1'],
  sends: 'GET, HEAD and GET again, back to back, with the same headers.',
  judges:
    'Passes when status, ETag, Content-Type and Content-Length agree. Fails when HEAD carries a body, another Content-Length, or a 5xx where GET works. Warns when another header differs or HEAD is not supported.',
  expected: 'HEAD has the status and headers of GET and no body.',
  why: 'Caches, link checkers and clients that ask for the size first trust HEAD.',
  fix: 'Answer HEAD by the code of GET and drop the body.',
  guards: [
    'Lengths and tags that differ between the two GETs decide nothing.',
    'A body is judged by the bytes on the wire.',
  ],
  messages: {
    'body-sent': 'HEAD was answered with {bytes} bytes of body.',
    'length-differs': 'HEAD says Content-Length {head}, GET sends {get}.',
    'head-differs': '{name} differs: HEAD "{head}", GET "{get}".',
    'head-unsupported': 'HEAD is answered with {status} where GET is answered with {get}.',
    'head-crashed': 'HEAD is answered with {status} where GET is answered with {get}.',
  },

  select({ operation, resource }) {
    if (operation.method !== 'GET') return skip('not a GET');
    const isOpen = operation.role === 'other' && !operation.path.includes('{');
    if (operation.role !== 'read' && operation.role !== 'list' && !isOpen)
      return skip('a GET whose parameters nothing gives');
    if (operation.role !== 'other' && resource.create === null && operation.path.includes('{'))
      return skip('no create operation to make something to read');
    return { operation, resource };
  },

  *probe({ operation, resource }, tools) {
    const scope =
      resource.create === null || operation.role === 'other' ? tools.fresh() : (yield* make(resource, tools)).scope;
    const get = outgoing(operation, scope);
    const head = { ...get, request: { ...get.request, method: 'HEAD' as const } };
    yield* send('get', get);
    yield* send('head', head);
    yield* send('get again', get);
  },

  judge(_, evidence) {
    const [get, head, again] = [evidence.exchange('get'), evidence.exchange('head'), evidence.exchange('get again')];
    const unusable = needsSuccess(get) ?? needsSuccess(again);
    if (unusable !== null) return unusable;
    if (!hasAnswer(head)) return lostAnswer(head);
    if (!hasAnswer(get) || !hasAnswer(again)) return lostAnswer(get);
    const blocked = voided(head);
    if (blocked !== null) return blocked;
    const { status } = head.response;
    const proof = present(get, head);
    const early = findings([
      head.response.bodyBytes > 0 && fail('body-sent', { bytes: head.response.bodyBytes }, proof),
      isCrash(status) && status !== 501 && suspect('head-crashed', { status, get: get.response.status }, proof),
      [404, 405, 501].includes(status) && warn('head-unsupported', { status, get: get.response.status }, proof),
    ]);
    if (early !== null) return early;
    if (!isSuccess(head)) return inconclusive('control-failed', { detail: `HEAD is answered with ${status}` });
    const length = header(head.response, 'content-length');
    const isSteady = get.response.bodyBytes === again.response.bodyBytes;
    const differing = ['etag', 'content-type'].find(name => {
      const [one, two] = [header(get.response, name), header(again.response, name)];
      return one === two && header(head.response, name) !== one;
    });
    const isWrong = length !== null && isSteady && Number(length) !== get.response.bodyBytes;
    const args = {
      name: differing ?? '',
      head: header(head.response, differing ?? '') ?? 'absent',
      get: header(get.response, differing ?? '') ?? 'absent',
    };
    const found = findings([
      isWrong && fail('length-differs', { head: length, get: get.response.bodyBytes }, proof),
      differing !== undefined && warn('head-differs', args, proof),
    ]);
    if (found !== null) return found;
    return isSteady || length === null ? pass() : inconclusive('unsteady');
  },
});
