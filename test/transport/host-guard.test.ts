import { expect, test } from 'vitest';
import { isTestHost } from '../../src/transport/host-guard.js';

test.each([
  'localhost', 'api.localhost', '127.0.0.1', '127.9.9.9', '[::1]', '::1', '0.0.0.0', '[::ffff:7f00:1]',
  '10.1.2.3', '172.16.0.1', '172.31.255.255', '192.168.1.1', '169.254.1.1', '100.64.0.1', '[fd00::1]', '[fe80::1]',
  'api', 'orders-service', 'api.test', 'printer.local', 'api.svc.cluster.local', 'api.corp.internal', 'nas.home.arpa',
  'staging.acme.com', 'api.staging.acme.com', 'api-staging.acme.com', 'staging-api.acme.com', 'STAGING.ACME.COM',
  'stage2.acme.com', 'dev.acme.co.uk', 'api_qa.acme.com', 'uat.acme.io', 'sandbox.acme.com', 'pr-12.preview.acme.com',
  'test.acme.com.', 'acme-staging.com', 'acme-dev.azurewebsites.net',
])('%s may be written to', host => expect(isTestHost(host)).toBe(true)); // prettier-ignore

test.each([
  'acme.com', 'api.acme.com', 'www.acme.dev', 'acme.dev', 'test.com', 'dev.to', 'staging.io', 'test.co.uk', 'sandbox.com.au',
  'latest.acme.com', 'contest.acme.com', 'device.acme.com', 'attest.acme.com', 'dev-tools.io', 'localhost.acme-corp.prod',
  'api.prod.internal', 'prod-staging.acme.com', 'live.test', 'prod',
  '8.8.8.8', '172.32.0.1', '11.0.0.1', '100.128.0.1', '[2001:db8::1]', '[::ffff:808:808]', '',
])('%s may not', host => expect(isTestHost(host)).toBe(false)); // prettier-ignore
