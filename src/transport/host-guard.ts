import { BlockList, isIP } from 'node:net';

/** Words people put into the names of systems that may be written to. */
const TEST_WORD =
  /^(staging|stage|stg|test|tests|testing|tst|dev|devel|develop|development|qa|uat|sandbox|sbx|preview|local|localhost|internal|ci|demo|mock|acceptance|integration)\d*$/i;
/** Words in the name of a system nobody should write to, whatever else it is called. */
const LIVE_WORD = /^(prod|production|prd|live)\d*$/i;
/** Top-level names that lead nowhere in public (RFC 2606, 6761, 6762, 8375 and custom). */
const PRIVATE_ROOT = /(^|\.)(test|example|invalid|localhost|local|internal|intranet|lan|corp|home\.arpa)$/i;
/** Registries below a country's name, where the owner's name is the third. */
const SHARED_SUFFIX = /\.(co|com|org|net|ac|gov|edu|ne|or|go)\.[a-z]{2}$/i;

/**
 * Whether a host may be written to without being named by --allow-host: loopback, a private address, a name without
 * a dot, or a name that says it is a test system (`staging.acme.com`, `api-dev2.acme.com`, `acme-staging.com`). The
 * owner's own name and its top level say nothing of the kind (`test.com`, `acme.dev`), and a name that also says
 * `prod` or `live` never passes.
 */
export function isTestHost(hostname: string): boolean {
  const host = hostname
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
    .toLowerCase();
  const family = isIP(host);
  if (family !== 0) return privateAddresses().check(host, family === 4 ? 'ipv4' : 'ipv6');
  if (host === '' || wordsOf(host).some(word => LIVE_WORD.test(word))) return false;
  return !host.includes('.') || PRIVATE_ROOT.test(host) || isNamedTest(host);
}

function isNamedTest(host: string): boolean {
  const labels = host.split('.');
  const owned = labels.slice(0, SHARED_SUFFIX.test(host) ? -3 : -2);
  const owner = labels[owned.length] ?? '';
  const ownerWords = wordsOf(owner);
  const ending = ownerWords.length > 1 ? ownerWords.slice(-1) : [];
  return [...owned.flatMap(wordsOf), ...ending].some(word => TEST_WORD.test(word));
}

function wordsOf(name: string): readonly string[] {
  return name.split(/[.\-_]/);
}

/** Loopback, private, link-local and carrier-grade addresses (RFC 1122, 1918, 3927, 6598, 4193, 4291). */
function privateAddresses(): BlockList {
  const list = new BlockList();
  list.addAddress('0.0.0.0');
  list.addSubnet('127.0.0.0', 8);
  list.addSubnet('10.0.0.0', 8);
  list.addSubnet('172.16.0.0', 12);
  list.addSubnet('192.168.0.0', 16);
  list.addSubnet('169.254.0.0', 16);
  list.addSubnet('100.64.0.0', 10);
  list.addAddress('::', 'ipv6');
  list.addAddress('::1', 'ipv6');
  list.addSubnet('fc00::', 7, 'ipv6');
  list.addSubnet('fe80::', 10, 'ipv6');
  return list;
}
