import { skip, type Observed, type Subject } from '../../core/check.js';
import { defineDocumentCheck } from '../../core/document-check.js';
import type { Exchange } from '../../core/http.js';
import type { Operation, Page } from '../../core/operation.js';
import { fail, findings, note, pass, warn } from '../../core/verdict.js';
import { NO_PAGE, pageOf } from '../lib/judging/documents.js';

/** Names by which clients know the header. */
const USUAL = /^(x-)?([a-z]+-)*idempotency-?key$/i;

/** Actions that compute or look, and whose repetition harms nobody. */
const LOOKS =
  /(^|[/_-])(search|query|find|lookup|filter|validate|verify|check|preview|quote|estimate|calculate|simulate|export|count|batch-?get|test|login|logout|token)s?$/i;

export const docKeyDeclared = defineDocumentCheck({
  id: 'doc-key-declared',
  title: 'The document declares the idempotency key',
  severity: 'medium',
  basis: 'should',
  refs: ['draft-ietf-httpapi-idempotency-key-header-07 section 2.5.2 (expired)'],
  judges:
    'Passes when the operation declares a key: a header, a query parameter or a body field, by itself, through a reference or in an extension. Warns when an operation that creates or acts declares none. In a run, fails when a key is demanded that the document does not declare or calls optional, and when the declared key has no effect.',
  expected: 'Every POST that creates or acts declares its key, and the API does with it what the document says.',
  why: 'Clients are written, and generated, from the document: a key that is not in it is not sent.',
  fix: 'Add the parameter to the operation, with `required` and the form of a key; `idem-check lint --overlay` writes it for you.',
  guards: [
    'References, parameters of the path item and vendor extensions count.',
    'A create by PUT needs no key: the id the client chooses says what is the same.',
    'Actions that only look (search, validate, preview ...) are left alone, and so is a POST whose role is not known.',
    'A PATCH counts only with JSON Patch, where operations are not plain sets.',
    'What the API does with a key is taken from the checks that exercised it, with their proof.',
  ],
  messages: {
    'key-undeclared': 'It {does} and declares no idempotency key: a client cannot retry it safely.',
    'key-demanded': 'A request without a key is refused ({status}), and the document {says}.',
    'key-without-effect': 'The key {name} is declared, and has no effect ({by} found {code}).',
  },
  notes: {
    'requirement-unsaid': 'Whether {name} is required is not said; that makes it optional.',
    'form-unsaid': 'What {name} looks like is not said: no format, pattern, length or example.',
    'unusual-name': 'The key is called {name}; most clients know it as Idempotency-Key.',
  },

  select(subject) {
    const page = pageOf(subject);
    const { operation } = subject;
    if (page === null) return skip(NO_PAGE);
    if (operation.method === 'PUT' && operation.role === 'create')
      return skip('the id that the client chooses says it');
    if (!isBound(subject, page)) return skip('not an operation that creates or acts');
    return { page, operation };
  },

  judge({ page, operation }, observed) {
    const { key } = page;
    const seen = [demanded(page, observed), withoutEffect(page, observed)];
    if (key === null) {
      const does = operation.role === 'create' ? 'creates' : operation.method === 'PATCH' ? 'applies a patch' : 'acts';
      const undeclared = warn('key-undeclared', { does }, [], at(operation));
      return findings([...seen, undeclared]) ?? pass();
    }
    const { name } = key;
    const notes = [
      key.required === null && note('requirement-unsaid', { name }),
      !key.hasForm && note('form-unsaid', { name }),
      key.in === 'header' && !USUAL.test(name) && note('unusual-name', { name }),
    ];
    return findings(seen, notes) ?? pass(notes);
  },
});

function isBound({ operation }: Subject, { key, mediaTypes }: Page): boolean {
  const { method, role, path } = operation;
  if (key !== null) return true;
  if (method === 'PATCH') return mediaTypes.length > 0 && mediaTypes.every(type => /json-patch/i.test(type));
  return method === 'POST' && (role === 'create' || role.startsWith('action:')) && !LOOKS.test(path);
}

/** A key that a request without one was refused for, and that is undeclared or called optional. */
function demanded({ key, responsesAt }: Page, { results, exchanges }: Observed) {
  if (key?.required === true) return null;
  const result = results.find(({ check }) => check === 'key-missing');
  const optional = result?.findings.find(({ code }) => code === 'refused-though-optional');
  const inFact = result?.notes.find(({ code }) => code === 'required-in-fact');
  const isRefused = optional !== undefined || (inFact !== undefined && key === null);
  // A document that leaves `required` out calls the key optional as well, but does not say so in words.
  if (result === undefined || !isRefused) return null;
  const proof = optional?.exchanges ?? result.exchanges;
  const says = key === null ? 'declares none' : 'calls it optional';
  const status = Number(optional?.args['status'] ?? inFact?.args['status'] ?? 0);
  return fail('key-demanded', { status, says }, cited(exchanges, proof), {
    at: key?.location ?? responsesAt,
    basis: 'declared',
  });
}

/** The declared key did not keep a plain repeat from taking effect. A race may be lost by a key that else works. */
function withoutEffect({ key }: Page, { results, exchanges }: Observed) {
  const result = results.find(({ check }) => check === 'key-replay-no-duplicate');
  const finding = result?.findings.find(({ code }) => code === 'duplicate-created');
  if (key === null || result === undefined || finding === undefined) return null;
  const args = { name: key.name, by: result.check, code: finding.code };
  return fail('key-without-effect', args, cited(exchanges, finding.exchanges), { at: key.location, basis: 'declared' });
}

function cited(exchanges: readonly Exchange[], numbers: readonly number[]): readonly Exchange[] {
  return exchanges.filter(({ n }) => numbers.includes(n));
}

function at({ location }: Operation): { readonly at?: NonNullable<Operation['location']> } {
  return location === null ? {} : { at: location };
}
