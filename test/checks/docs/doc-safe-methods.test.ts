import { describe, expect, it } from 'vitest';
import { docSafeMethods as check } from '../../../src/checks/docs/doc-safe-methods.js';
import type { Observed } from '../../../src/core/check.js';
import { NOTHING_OBSERVED } from '../../../src/core/document-check.js';
import { fail, warn } from '../../../src/core/verdict.js';
import { outcome } from '../../support/outcome.js';
import { documented, observed, page } from '../../support/page.js';
import { operation, scenarioOf, subject } from '../../support/subject.js';

function said(
  path: string,
  words: { id?: string; summary?: string; hasBody?: boolean } = {},
  seen: Observed = NOTHING_OBSERVED,
) {
  const { id = null, summary = '', hasBody = false } = words;
  const of = operation('GET', path, 'read', { ...documented(page({ summary, hasBody })), operationId: id });
  const verdict = scenarioOf(check, subject(of)).review?.(seen);
  return verdict === undefined ? 'no review' : outcome(verdict);
}

describe('reads by their name', () => {
  it.each([
    '/orders',
    '/orders/{id}',
    '/orders/search',
    '/orders/{id}/process',
    '/orders/export',
    '/files/{id}/download',
    '/codes/{code}/verify',
    '/archive',
    '/orders/{id}/cancellation',
    '/jobs/{id}/run',
    '/accounts/{id}/set',
    '/runs',
    '/addresses',
    '/updates',
  ])('GET %s', path => {
    expect(said(path)).toBe('pass');
  });

  it.each([
    { id: 'listOrders', summary: 'List orders' },
    { id: 'getUpdateStatus', summary: 'Update status' },
    { id: 'createdOrders' },
    { id: 'settings', summary: 'Settings of the account' },
    { summary: 'Set of all orders' },
    { summary: 'Run details' },
    { summary: 'Addresses of a customer' },
    { id: 'sendHistory' },
    { id: 'cancellations' },
  ])('GET /x called %j', words => {
    expect(said('/x', words)).toBe('pass');
  });
});

describe('changes by their name', () => {
  it.each([
    '/orders/{id}/cancel',
    '/orders/{id}/delete',
    '/users/{id}/activate',
    '/session/logout',
    '/orders/{id}:cancel',
    '/mails/send-mail',
    '/cache/reset/',
  ])('GET %s', path => {
    expect(said(path)).toMatch(/^(warn verb-in-path|pass)$/);
    if (path !== '/mails/send-mail') expect(said(path)).toBe('warn verb-in-path');
  });

  it.each([
    { id: 'deleteOrder' },
    { id: 'DeleteOrder' },
    { summary: 'Cancels an order' },
    { id: 'send_mail' },
    { summary: 'Reset the counter' },
  ])('GET /x called %j', words => {
    expect(said('/x', words)).toBe('warn verb-in-name');
  });

  it('a request body', () => {
    expect(said('/orders', { hasBody: true })).toBe('warn body-on-read');
  });
});

describe('what a run saw', () => {
  const found = {
    check: 'safe-no-effect',
    verdict: 'fail',
    findings: [fail('record-created', { added: 6 }, [])],
  } as const;
  it('a read with an effect fails here as well', () => {
    expect(said('/orders', {}, observed([found]))).toBe('fail has-effect');
  });
  it('a counter does not', () => {
    const moved = { ...found, verdict: 'warn', findings: [warn('counter-changed', {}, [])] } as const;
    expect(said('/orders', {}, observed([moved]))).toBe('pass');
  });
});

it('applies to safe methods alone', () => {
  const post = subject(operation('POST', '/orders', 'create', documented(page())));
  expect(check.plan(post, null)).toEqual({ skip: 'not a safe method' });
});
