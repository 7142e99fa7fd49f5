import { isBuiltInCaller } from '../../core/callers.js';
import type { Auth, Caller, Hook, SpecFile, Waiver } from '../../generated/spec.js';
import { readRequestLine } from '../request-line.js';
import type { Path } from '../source.js';
import { namesIn } from '../template.js';
import { checkContract } from './check-contract.js';
import { checkOperation } from './check-operation.js';
import { checkResource } from './check-resource.js';
import { namesFor } from './names.js';
import { checkHeaderName, checkHeaders, checkPaths, type Rules } from './rule-book.js';

/**
 * Finds what the schema cannot: addresses, paths, patterns, durations, dates, parents, and templates nobody fills. The
 * file may have been completed from a document; only what the user wrote is held against the rules.
 */
export function checkFile(file: SpecFile, rules: Rules): void {
  checkUrl(file.target?.url, ['target', 'url'], rules);
  if (file.target !== undefined) checkCaller(file.target, ['target'], rules);
  for (const [name, one] of Object.entries(file.identities ?? {})) {
    if (isBuiltInCaller(name)) rules.add(['identities', name], 'every run has this caller; use another name', 'key');
    checkCaller(one, ['identities', name], rules);
  }
  checkContract(file.contract, ['contract'], rules);
  for (const [name, resource] of Object.entries(file.resources ?? {})) {
    if (rules.written(['resources', name]) !== undefined) checkResource(file, name, resource, rules);
  }
  const names = namesFor(file, null);
  for (const member of ['setup', 'teardown'] as const) {
    file[member]?.forEach((one, index) => checkOperation(one, [member, index], names, rules));
  }
  for (const [name, hook] of Object.entries(file.hooks ?? {})) checkHook(hook, ['hooks', name], rules);
  checkStore(file.store, rules);
  checkPaths(file.redact, ['redact'], rules);
  file.waivers?.forEach((waiver, index) => checkWaiver(waiver, ['waivers', index], rules));
}

function checkUrl(url: string | undefined, path: Path, { add, quoted }: Rules): void {
  if (url === undefined) return;
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    add(path, `${quoted(path)} is no http or https URL`);
  } else if (new URL(url).search !== '' || new URL(url).hash !== '') {
    add(path, `${quoted(path)} must end with its path; leave out what follows "?" or "#"`);
  }
}

function checkCaller({ headers, auth }: Caller, path: Path, rules: Rules): void {
  checkHeaders(headers, [...path, 'headers'], rules);
  if (auth !== undefined) checkAuth(auth, [...path, 'auth'], rules);
}

const WAYS = ['bearer', 'basic', 'apiKey', 'oauth2', 'command'] as const;

function checkAuth(auth: Auth, path: Path, rules: Rules): void {
  const given = WAYS.filter(way => rules.written([...path, way]) !== undefined);
  const [first, second] = given;
  if (first === undefined) rules.add(path, `needs one of ${WAYS.join(', ')}`, 'key');
  else if (second !== undefined) {
    rules.add([...path, second], `there is one way to authenticate; keep one of ${given.join(' and ')}`, 'key');
  } else if (auth.header !== undefined && first !== 'command') {
    rules.add([...path, 'header'], 'goes with "command" only', 'key');
  }
  if (auth.header !== undefined) checkHeaderName(auth.header, [...path, 'header'], rules);
  if (auth.apiKey?.in === 'header') checkHeaderName(auth.apiKey.name, [...path, 'apiKey', 'name'], rules);
  checkUrl(auth.oauth2?.tokenUrl, [...path, 'oauth2', 'tokenUrl'], rules);
}

function checkHook(hook: Hook | undefined, path: Path, { add, written }: Rules): void {
  if (hook === undefined) return;
  const { command, request, body } = hook;
  const isBare = written([...path, 'command']) === undefined && written([...path, 'request']) === undefined;
  if (isBare) add(path, 'needs a "command" or a "request"', 'key');
  if (command !== undefined && request !== undefined) add(path, 'is both "command" and "request"; keep one', 'key');
  if (body !== undefined && request === undefined) add([...path, 'body'], 'goes with "request" only', 'key');
  if (request !== undefined) {
    const line = readRequestLine(request);
    if (typeof line === 'string') add([...path, 'request'], line);
  }
  const texts = { command: command ?? '', request: request ?? '', body: JSON.stringify(body ?? null) };
  for (const [member, text] of Object.entries(texts)) {
    for (const name of namesIn(text).filter(one => one !== 'seconds')) {
      add([...path, member], `nothing gives a value for {{${name}}}; a hook knows {{seconds}}`);
    }
  }
}

function checkStore(store: SpecFile['store'], { add, quoted, written }: Rules): void {
  if (store === undefined) return;
  const { redis, command } = store;
  const isCommand = written(['store', 'command']) !== undefined;
  if (!isCommand && (redis === undefined || store.keys === undefined)) {
    add(['store'], 'needs "redis" and "keys", or a "command"', 'key');
  }
  for (const member of ['redis', 'keys', 'pending'] as const) {
    if (isCommand && store[member] !== undefined) add(['store', member], 'does not go with "command"', 'key');
  }
  if (redis !== undefined && (!URL.canParse(redis) || !/^rediss?:$/.test(new URL(redis).protocol))) {
    add(['store', 'redis'], `${quoted(['store', 'redis'])} is no redis:// URL`);
  }
  for (const [member, text] of Object.entries({ keys: store.keys, pending: store.pending, command })) {
    if (text !== undefined && !text.includes('{key}')) {
      add(['store', member], `${quoted(['store', member])} does not say where the key stands; write {key} into it`);
    }
  }
}

function checkWaiver({ until, operation, reason }: Waiver, path: Path, { add, quoted }: Rules): void {
  if (reason.trim() === '') add([...path, 'reason'], 'must not be empty');
  if (until !== undefined && !isDay(until)) {
    add([...path, 'until'], `${quoted([...path, 'until'])} is no date; write YYYY-MM-DD`);
  }
  if (operation !== undefined) {
    const line = readRequestLine(operation);
    if (typeof line === 'string') add([...path, 'operation'], line);
  }
}

function isDay(text: string): boolean {
  const day = new Date(`${text}T00:00:00Z`);
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}
