import type { Result } from '../../src/core/report.js';
import { checks } from '../../src/checks/registry.js';
import type { Choices } from '../../src/reference/choices.js';
import { AWAITED_ON_CORRECT } from './awaited-on-correct.js';
import type { Exception } from './exception.js';

/** Choices a correct API may make, one by one and in pairs that meet in the same check. */
export const VARIANTS: readonly Partial<Choices>[] = [
  {},
  { inflight: 'wait' },
  { inflightStatus: 423 },
  { inflightStatus: 425 },
  { inflightStatus: 429 },
  { inflight: 'wait', workMs: 0 },
  { inflight: 'wait', workMs: 200 },
  { inflight: 'wait', replayStatus: 200 },
  { inflightStatus: 429, mismatchStatus: 409 },
  { inflightStatus: 429, workMs: 200 },
  { mismatchStatus: 409 },
  { mismatchStatus: 400 },
  { replayStatus: 200 },
  { replayMarker: null },
  { replayStatus: 200, replayMarker: null, list: false },
  { keyRequired: false },
  { keyed: false },
  { keyed: false, etag: 'none' },
  { keyed: false, etag: 'none', list: false },
  { keyed: false, etag: 'none', shop: true },
  { keyIn: 'body' },
  { keyIn: 'body', keyRequired: false, mismatchStatus: 400 },
  { ttlSeconds: 8 },
  { ttlSeconds: 604_800 },
  { ttlSeconds: 8, lagMs: 300 },
  { deleteMissing: 410 },
  { deleteMissing: 204 },
  { softDelete: true },
  { softDelete: true, deleteMissing: 410 },
  { softDelete: true, deleteMissing: 204 },
  { softDelete: true, list: false },
  { softDelete: true, volatileFields: true },
  { softDelete: true, lagMs: 300 },
  { etag: 'weak' },
  { etag: 'none' },
  { etag: 'none', volatileFields: true },
  { preconditionRequired: false },
  { preconditionRequired: false, writeAnswer: 'empty' },
  { writeAnswer: 'empty' },
  { list: false },
  { pageSize: 2, nextBy: 'link' },
  { pageSize: 10, nextBy: 'page', listFilter: 'ignored', listOrder: 'newest-first' },
  { pageSize: 50, nextBy: 'offset', listFilter: 'ignored', listShows: 'ids', standing: 67 },
  { listFilter: 'ignored', listCapped: 50, standing: 67 },
  { listFailsEvery: 13 },
  { lagMs: 300 },
  { lagMs: 2500 },
  { lagMs: 300, list: false },
  { lagMs: 300, deleteMissing: 410 },
  { lagMs: 300, inflight: 'wait' },
  { volatileFields: true },
  { volatileFields: true, list: false },
  { volatileFields: true, replayStatus: 200 },
  { workMs: 0 },
  { workMs: 200 },
  { createStatus: 200 },
  { createStatus: 200, replayMarker: null },
  { putOmitted: 'kept' },
  { createAnswer: 'empty' },
  { createAnswer: 'empty', list: false },
  { createAnswer: 'accepted' },
  { createAnswer: 'accepted', lagMs: 300 },
  { createAnswer: 'accepted', lagMs: 300, list: false },
  { createAnswer: 'operation' },
  { createAnswer: 'operation', replayedOperation: 'new' },
  { createAnswer: 'operation', finishMs: 2000 },
  { createAnswer: 'pending' },
  { errorsStored: 'all' },
  { shop: true },
  { errorsStored: '4xx-only' },
  { unavailableEvery: 97 },
  { unavailableEvery: 13 },
  { upstreamFailsEvery: 13, upstreamStatus: 429 },
  { upstreamFailsEvery: 13, upstreamStatus: 502 },
  { upstreamFailsEvery: 13, upstreamStatus: 503 },
  { timeoutEvery: 13 },
  { rateLimit: 200 },
  { callers: 'tenants' },
  { callers: 'tenant-header' },
  { ttlSeconds: 8, expiredStatus: 410 },
  { gzip: true },
  { closes: true },
  { bystanderEveryMs: 150 },
  { bystanderEveryMs: 150, list: false },
  { bystanderEveryMs: 1000, lagMs: 300 },
  { bystanderEveryMs: 150, sharedNumbers: true },
  { bystanderEveryMs: 1000, sharedNumbers: true, shop: true },
  { revision: 'of-record' },
  { revision: 'of-record', bystanderEveryMs: 150 },
  { revision: 'of-server' },
  { revision: 'of-server', bystanderEveryMs: 150 },
  { revision: 'of-server', etag: 'none' },
];

/** Operations on accounts and products, whose numbers others may move. */
const NUMBERED = /\/(accounts|products)\b/;

/** Whether the tags of an API are weak, by choice or since their bytes change without a write. */
function isWeak({ etag, volatileFields, revision }: Partial<Choices>): boolean {
  const isRestless = volatileFields === true || revision === 'of-server';
  return etag === 'weak' || (isRestless && etag !== 'none');
}

export const EXCEPTIONS: readonly Exception[] = [
  {
    why: 'Without tags there is no version to hold a write to; that there are none is seen in the run only.',
    verdict: 'inconclusive',
    code: 'no-version',
    meets: ({ etag }, { check }) => etag === 'none' && groupOf(check) === 'conditional',
  },
  {
    why: 'A weak tag never matches If-Match, so that no write under the current tag goes through: the control of the race.',
    verdict: 'inconclusive',
    code: 'control-failed',
    meets: (choices, { check }) =>
      isWeak(choices) && ['if-match-concurrent-one-winner', 'if-match-current-accepted'].includes(check),
  },
  {
    why: 'A client cannot use a weak tag with If-Match: legal, and worth a warning.',
    verdict: 'warn',
    code: 'weak-unusable',
    meets: isWeak,
  },
  {
    why: 'A PUT that keeps what is left out, and a PATCH that takes it away: worth a warning.',
    verdict: 'warn',
    code: 'old-value-kept',
    meets: ({ putOmitted }) => putOmitted === 'kept',
  },
  {
    why: 'Without versions the first of two edits is lost: legal, and worth a warning.',
    verdict: 'warn',
    code: 'edits-lost',
    meets: ({ etag }) => etag === 'none',
  },
  {
    why: 'Without keys a retry makes another record: legal, and worth a warning.',
    verdict: 'warn',
    code: 'unprotected-retry',
    meets: ({ keyed }) => keyed === false,
  },
  {
    why: 'A number that others move at the same time need not be countable.',
    verdict: 'inconclusive',
    code: '*',
    meets: ({ sharedNumbers }, { operation }) => sharedNumbers === true && NUMBERED.test(operation),
  },
  {
    why: 'The stock that others move is noise: of a cancel the turn of its state is left, and once looks like twice.',
    verdict: 'inconclusive',
    code: 'oracle-uncontrolled',
    meets: ({ sharedNumbers }, { operation }) => sharedNumbers === true && operation.endsWith('/cancel'),
  },
  {
    why: 'A state that turns alone looks the same after one effect and after two.',
    verdict: 'inconclusive',
    code: 'oracle-uncontrolled',
    meets: ({ shop }, { operation }) => shop === true && operation.endsWith('/publish'),
  },
  {
    why: 'No read shows that a mail went out.',
    verdict: 'inconclusive',
    code: 'oracle-failed',
    meets: ({ shop }, { operation }) => shop === true && operation.endsWith('/remind'),
  },
  {
    why: 'An owner has one account: what refuses a late repeat, an expired key or the owner, cannot be told apart.',
    verdict: 'inconclusive',
    code: 'control-failed',
    meets: (_, { check, operation }) => check === 'key-expired-behaviour' && operation === 'POST /accounts',
  },
  {
    why: 'Without a list nothing shows what became of requests that were refused, or how many took effect.',
    verdict: 'inconclusive',
    code: 'oracle-blind',
    meets: ({ list }, { check }) =>
      list === false && ['concurrent-distinct-all-apply', 'failed-write-no-effect'].includes(check),
  },
  {
    why: 'A request that was cut short or failed shows no id: without a list nothing tells its effect from that of its retry.',
    verdict: 'inconclusive',
    code: 'oracle-failed',
    meets: ({ list }, { check }) => list === false && ['key-abort-then-retry', 'key-error-policy'].includes(check),
  },
  {
    why: 'A list that leaves out known records without a word is not whole: nothing is counted in it.',
    verdict: 'inconclusive',
    code: 'oracle-failed',
    meets: ({ listCapped = 0 }) => listCapped > 0,
  },
  {
    why: 'A control whose records such a list does not show was never seen to count to two.',
    verdict: 'inconclusive',
    code: 'oracle-uncontrolled',
    isByChance: true,
    meets: ({ listCapped = 0 }) => listCapped > 0,
  },
  {
    why: 'The control of a resource was turned away, so that its oracle was never seen to count to two.',
    verdict: 'inconclusive',
    code: 'oracle-uncontrolled',
    isByChance: true,
    meets: ({ rateLimit = 0, unavailableEvery = 0, listFailsEvery = 0 }) =>
      rateLimit + unavailableEvery + listFailsEvery > 0,
  },
  {
    why: 'Ids of a 202 are those of jobs, which are gone when the key has expired.',
    verdict: 'inconclusive',
    code: 'control-failed',
    meets: ({ createAnswer, list }, { check }) =>
      createAnswer === 'accepted' && list === false && check === 'key-expired-behaviour',
  },
  {
    why: 'Two ids of a 202 may be those of two jobs, and without a list there is nothing else to count.',
    verdict: 'inconclusive',
    code: 'still-pending',
    meets: ({ createAnswer, list }, { check }) =>
      createAnswer === 'accepted' && list === false && check === 'key-distinct-not-deduped',
  },
  {
    why: 'A try in which 502, 503 or 504 was answered is void, and three void tries are enough.',
    verdict: 'inconclusive',
    code: 'unavailable',
    isByChance: true,
    meets: ({ unavailableEvery = 0, upstreamFailsEvery = 0, timeoutEvery = 0, listFailsEvery = 0 }) =>
      unavailableEvery + upstreamFailsEvery + timeoutEvery + listFailsEvery > 0,
  },
  {
    why: 'A try in which 429 was answered is void, and three void tries are enough.',
    verdict: 'inconclusive',
    code: 'rate-limited',
    isByChance: true,
    meets: ({ rateLimit = 0, upstreamStatus }) => rateLimit > 0 || upstreamStatus === 429,
  },
  ...AWAITED_ON_CORRECT,
];

/** The exception that a result of a correct API falls under. */
export function exceptionFor(choices: Partial<Choices>, result: Result): Exception | undefined {
  const codes = result.verdict === 'inconclusive' ? [result.reason] : result.findings.map(({ code }) => code);
  return EXCEPTIONS.find(
    ({ verdict, code, meets }) =>
      verdict === result.verdict &&
      codes.length > 0 &&
      codes.every(one => code === '*' || one === code) &&
      meets(choices, result),
  );
}

function groupOf(id: string): string | undefined {
  return checks.find(check => check.id === id)?.group;
}
