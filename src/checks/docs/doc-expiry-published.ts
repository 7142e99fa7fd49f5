import { skip, type Observed } from '../../core/check.js';
import { defineDocumentCheck } from '../../core/document-check.js';
import { fail, findings, note, pass, warn } from '../../core/verdict.js';
import { NO_PAGE, pageOf } from '../lib/judging/documents.js';
import { duration } from '../lib/judging/duration.js';

export const docExpiryPublished = defineDocumentCheck({
  id: 'doc-expiry-published',
  title: 'The document says how long a key protects',
  severity: 'low',
  basis: 'should',
  refs: [
    'draft-ietf-httpapi-idempotency-key-header-07 section 2.3 (expired)',
    'draft-ietf-httpapi-idempotency-key-header-07 section 2.5.2 (expired)',
  ],
  judges:
    'Passes when a lifetime is written where the key is declared, in the operation or in the introduction ("keys are kept for 24 hours"), in an `x-idempotency` extension, or behind a link about idempotency. Warns when nothing is said. In a run, fails when a key was gone before the lifetime that is written was over.',
  expected: 'The lifetime of keys is written in the document, and holds.',
  why: 'A client that retries from a queue must know until when a retry is a retry, and no second order.',
  fix: 'Write it into the description of the key: "Keys are kept for 24 hours after the first answer."',
  guards: [
    'Any time span in a sentence about keys counts, and so does a link.',
    'That a key was gone too early is taken from key-ttl-honoured, with its proof.',
  ],
  messages: {
    'expiry-unpublished': 'How long {name} protects is written nowhere in the document.',
    'expiry-contradicted': 'The document promises {promised}; a key was gone at {age}.',
  },
  notes: {
    'published-elsewhere': 'The document sends its readers elsewhere for it: {where}',
  },

  select(subject) {
    const page = pageOf(subject);
    if (page === null) return skip(NO_PAGE);
    const { key } = page;
    if (key === null) return skip('declares no idempotency key');
    return { page, key, ttl: subject.operation.contract.ttl };
  },

  judge({ page, key }, observed) {
    const { expiry } = page;
    if (expiry === null) {
      return findings([warn('expiry-unpublished', { name: key.name }, [], { at: key.location })]) ?? pass();
    }
    const promised = expiry.seconds;
    const found = promised === null ? null : contradicted(promised, observed);
    const elsewhere = promised === null && note('published-elsewhere', { where: expiry.text });
    if (found === null) return pass([elsewhere]);
    const { age, exchanges } = found;
    return (
      findings([
        fail('expiry-contradicted', { promised: duration(promised ?? 0), age }, exchanges, {
          at: key.location,
          basis: 'declared',
        }),
      ]) ?? pass()
    );
  },
});

/** A key that was gone sooner than the document promises, whatever the run's own contract says. */
function contradicted(promised: number, { results, exchanges }: Observed) {
  const finding = results
    .filter(({ check }) => check === 'key-ttl-honoured')
    .flatMap(({ findings: all }) => all)
    .find(({ code }) => code === 'expired-early' || code === 'short-lived');
  if (finding === undefined) return null;
  const age = String(finding.args['age'] ?? '');
  const seconds = secondsIn(age);
  if (seconds === null || seconds >= promised) return null;
  return { age, exchanges: exchanges.filter(({ n }) => finding.exchanges.includes(n)) };
}

const UNITS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, min: 60, m: 60, h: 3600, d: 86_400 };

/** Seconds in an age as findings tell it, such as `5 s` or `1 min 10 s`; `null` when it cannot be read. */
function secondsIn(age: string): number | null {
  const parts = [...age.matchAll(/(\d+(?:\.\d+)?)\s*(ms|min|s|m|h|d)\b/g)];
  if (parts.length === 0) return null;
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * (UNITS[unit ?? 's'] ?? 1), 0);
}
