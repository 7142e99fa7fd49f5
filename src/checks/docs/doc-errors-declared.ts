import { skip, type Observed } from '../../core/check.js';
import type { Contract } from '../../core/contract.js';
import { defineDocumentCheck, OBSERVED } from '../../core/document-check.js';
import { statusOf, type Exchange } from '../../core/http.js';
import type { Operation, Page } from '../../core/operation.js';
import { findings, inconclusive, note, pass, warn, type Verdict } from '../../core/verdict.js';
import { declares, NO_PAGE, noneOf, pageOf } from '../lib/judging/documents.js';

/** Answers that come from in front of the API, or from a request it never wanted to understand. */
const NOT_ITS_OWN: readonly number[] = [401, 403, 407, 408, 411, 413, 414, 417, 429, 431];

/** The check that provokes a status, so that a promise it did not see is worth a note. */
const PROVOKED_BY: Readonly<Record<number, readonly string[]>> = {
  404: ['delete-repeat'],
  409: ['key-concurrent-single-effect', 'key-mismatch-rejected'],
  410: ['delete-repeat'],
  412: ['if-match-stale-rejected'],
  422: ['key-mismatch-rejected'],
  425: ['key-concurrent-single-effect'],
  428: ['precondition-required'],
};

export const docErrorsDeclared = defineDocumentCheck({
  id: 'doc-errors-declared',
  title: 'The document declares the answers a retry can get',
  severity: 'low',
  basis: 'should',
  refs: [
    'draft-ietf-httpapi-idempotency-key-header-07 section 2.7 (expired)',
    'RFC 9110 section 15.5.13',
    'RFC 6585 section 3',
  ],
  judges:
    'An operation with a key passes when it declares an answer to a request in flight (409 or what the contract says), to another payload under the same key (422, 409 or 400) and, where the key is required, to its absence (400). One with If-Match must declare 412, and 428 where If-Match is required; a DELETE what its repeat is answered with (404 or 410, or the word that it is answered alike). Warns where one is missing. The variant `observed` holds what a run saw against the document: it warns of a status that is not declared, and notes a promised one that never came although it was provoked.',
  expected: 'Every status a client can meet when it retries, or comes second, is in the document.',
  why: 'Generated clients know the documented answers alone: a 409 nobody told them of ends as an unknown error, and is retried for ever.',
  fix: 'Add the missing responses; `idem-check lint --overlay` writes them for you.',
  guards: [
    'A range (`4XX`) or `default` declares every status in it.',
    'Any of the usual statuses will do, not only the one the draft names.',
    'Answers from in front of the API (401, 403, 429, 5xx ...) are not held against the document.',
    'A promised status that never came moves no verdict.',
  ],
  messages: {
    'key-errors-undeclared': 'Declares a key, and no answer for: {lacking}.',
    'version-errors-undeclared': 'Takes If-Match, and does not declare {lacking}.',
    'repeat-undeclared': 'Does not say what a DELETE of something already gone is answered with.',
    'status-undeclared': 'Was answered with {status}, which the document does not declare.',
  },
  notes: {
    'promised-unseen': 'The document declares {status}, which {by} provoked in vain.',
  },
  variants: [null, OBSERVED],

  select(subject, variant) {
    const page = pageOf(subject);
    const { operation } = subject;
    if (page === null) return skip(NO_PAGE);
    const target = { page, operation, isObserving: variant === OBSERVED };
    if (target.isObserving) return page.responses.length === 0 ? skip('declares no answers at all') : target;
    if (page.key === null && page.ifMatch === null && operation.method !== 'DELETE') {
      return skip('takes neither a key nor If-Match, and is no DELETE');
    }
    return target;
  },

  judge({ page, operation, isObserving }, observed) {
    return isObserving ? held(page, observed) : written(page, operation);
  },
});

type Code = 'key-errors-undeclared' | 'version-errors-undeclared' | 'repeat-undeclared' | 'status-undeclared';
type Judged = Verdict<Code, 'promised-unseen'>;

function written(page: Page, { contract, method }: Operation): Judged {
  const at = { at: page.responsesAt };
  const keyed = keyErrors(page, contract);
  const versioned = versionErrors(page);
  return (
    findings([
      keyed.length > 0 && warn('key-errors-undeclared', lacking(keyed), [], at),
      versioned.length > 0 && warn('version-errors-undeclared', lacking(versioned), [], at),
      method === 'DELETE' && lacksRepeat(page) && warn('repeat-undeclared', { statuses: '404' }, [], at),
    ]) ?? pass()
  );
}

interface Lacking {
  readonly status: number;
  readonly what: string;
}

function lacking(all: readonly Lacking[]): { readonly lacking: string; readonly statuses: string } {
  return {
    lacking: all.map(({ status, what }) => `${what} (${status})`).join(', '),
    statuses: all.map(({ status }) => status).join(' '),
  };
}

function keyErrors(page: Page, { inflight, mismatch, missing }: Contract): readonly Lacking[] {
  const { key } = page;
  if (key === null) return [];
  const usual = [
    { what: 'a request still in flight', accepted: inflight.statuses, status: inflight.statuses[0] ?? 409 },
    { what: 'another payload under the same key', accepted: mismatch.statuses, status: mismatch.statuses[0] ?? 422 },
    ...(key.required === true
      ? [{ what: 'a missing key', accepted: [...missing.statuses, 422], status: missing.statuses[0] ?? 400 }]
      : []),
  ];
  return usual.filter(({ accepted }) => noneOf(page, accepted));
}

function versionErrors(page: Page): readonly Lacking[] {
  if (page.ifMatch === null) return [];
  const outdated = noneOf(page, [412, 409]) ? [{ what: 'an outdated version', status: 412 }] : [];
  const missing = page.ifMatch.required && noneOf(page, [428, 400]) ? [{ what: 'a missing version', status: 428 }] : [];
  return [...outdated, ...missing];
}

/** Neither 404 nor 410, and no word that a repeat is answered like the first. */
function lacksRepeat(page: Page): boolean {
  const texts = [page.summary, page.description, ...page.responses.map(({ description }) => description)];
  const isSaid = texts.some(text => /idempoten|already (gone|deleted)|not exist|even if|whether or not/i.test(text));
  return !isSaid && noneOf(page, [404, 410]);
}

/** What was seen, held against what is written. */
function held(page: Page, { exchanges, results }: Observed): Judged {
  const own = exchanges.filter(isOwnAnswer);
  if (own.length === 0) return inconclusive('not-observed');
  const strange = [...new Set(own.flatMap(one => statusOf(one) ?? []))].filter(status => !declares(page, status));
  const unseen = promisedUnseen(page, own, new Set(results.filter(isDecided).map(({ check }) => check)));
  return (
    findings(
      strange.map(status => {
        const proof = own.filter(one => statusOf(one) === status).slice(0, 3);
        return warn('status-undeclared', { status, statuses: String(status) }, proof, { at: page.responsesAt });
      }),
      unseen,
    ) ?? pass(unseen)
  );
}

/** An answer of the API itself, to the method the document describes. */
function isOwnAnswer(exchange: Exchange): boolean {
  const status = statusOf(exchange);
  const { method } = exchange.request;
  if (status === null || method === 'HEAD' || method === 'OPTIONS') return false;
  return status < 500 && !(status >= 300 && status < 304) && !NOT_ITS_OWN.includes(status);
}

function isDecided({ verdict }: Observed['results'][number]): boolean {
  return verdict === 'pass' || verdict === 'fail' || verdict === 'warn';
}

function promisedUnseen(page: Page, own: readonly Exchange[], played: ReadonlySet<string>) {
  const seen = new Set(own.flatMap(one => statusOf(one) ?? []));
  return page.responses.flatMap(({ status }) => {
    const by = (PROVOKED_BY[Number(status)] ?? []).filter(check => played.has(check));
    // A 404 and a 410 stand for each other: one of them is enough.
    const isCovered = seen.has(Number(status)) || (/^4(04|10)$/.test(status) && (seen.has(404) || seen.has(410)));
    return by.length === 0 || isCovered ? [] : [note('promised-unseen', { status, by: by.join(' and ') })];
  });
}
