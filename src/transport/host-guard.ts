import { BlockList, isIP } from 'node:net';

/** Names people give to systems that may be written to. */
const TEST_NAME =
  /(^|[.-])(staging|stage|stg|test|testing|tests|dev|develop|development|qa|uat|sandbox|preview|local|localhost|internal|ci|demo)\d*([.-]|$)/i;

/**
 * Whether a host may be written to without being named by --allow-host: loopback, a private address, or a name that
 * says it is a test system.
 */
export function isTestHost(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '');
  const family = isIP(host);
  if (family === 0) return !host.includes('.') || TEST_NAME.test(host);
  return privateAddresses().check(host, family === 4 ? 'ipv4' : 'ipv6');
}

function privateAddresses(): BlockList {
  const list = new BlockList();
  list.addSubnet('127.0.0.0', 8);
  list.addSubnet('10.0.0.0', 8);
  list.addSubnet('172.16.0.0', 12);
  list.addSubnet('192.168.0.0', 16);
  list.addSubnet('169.254.0.0', 16);
  list.addAddress('::1', 'ipv6');
  list.addSubnet('fc00::', 7, 'ipv6');
  list.addSubnet('fe80::', 10, 'ipv6');
  return list;
}
