import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SpecError } from '../../src/core/errors.js';
import { loadSpec } from '../../src/spec/load.js';

const FOLDER = 'fixtures/broken-specs';

/** Every broken spec with everything that is said of it: `line:column place: text`. */
const SAID: Readonly<Record<string, readonly string[]>> = {
  'alias-bomb.yaml': ['3:10 grows beyond all measure once its aliases ("*name") are followed'],
  'alias-circle.yaml': ['3:10 "*all" stands inside of what it refers to'],
  'auth.yaml': [
    '3:22 target.auth.basic: needs "password"',
    '3:22 target.auth.basic: there is one way to authenticate; keep one of bearer and basic',
    '5:11 identities.none.auth: needs one of bearer, basic, apiKey, oauth2, command',
    '6:29 identities.odd.auth.header: goes with "command" only',
    '7:34 identities.place.auth.apiKey.in: "cookie" is not one of header, query',
    '8:40 identities.token.auth.oauth2.tokenUrl: "token" is no http or https URL',
  ],
  'bad-indent.yaml': [
    '5:1 the indentation of this line does not fit the lines around it (All mapping items must start at the same column)',
  ],
  'bodies.yaml': [
    '4:54 resources.order.create.text: a request has one body; keep one of "body" and "text" and "form"',
    '5:45 resources.order.replace.variant: needs a body beside it that it differs from',
    '5:64 resources.order.replace.omit: needs a body or a form to leave the fields out of',
    '6:64 resources.order.update.variant: must be text, as the body is',
    '6:87 resources.order.update.contentType: "json" is no media type; write it as in application/json',
    '8:73 resources.order.actions.pay.variant: must be an object of fields, as the form is',
    '8:97 resources.order.actions.pay.faults.crash: must be an object of fields, as the form is',
    '9:59 resources.order.actions.big.body.n: the number is too large to be kept to the digit; write it as text, in quotes',
    '9:84 resources.order.actions.big.body.x: NaN is no JSON number',
  ],
  'broken.json': ['1:30 the "{" opened here is not closed'],
  'duplicate-key.yaml': ['5:5 this key is written twice in the same place'],
  'durations.yaml': [
    '3:8 contract.ttl: "one day" is no duration; write it as in 30s, 5m, 24h or 7d; "never" says that keys do not expire',
    '4:21 contract.ttlFloor.fail: "30 parsecs" is no duration; write it as in 30s, 5m, 24h or 7d',
    '4:39 contract.ttlFloor.warn: must not be below 0',
    '5:20 contract.inflightTimeout: "" is no duration; write it as in 30s, 5m, 24h or 7d',
    '7:78 resources.order.contract.inflightTimeout: "1x" is no duration; write it as in 30s, 5m, 24h or 7d',
  ],
  'empty.yaml': ['1:1 the file is empty'],
  'enums.yaml': [
    '3:14 contract.key.in: "heder" is not one of header, body, query, did you mean "header"?',
    '4:15 contract.replayMode: "identical" is not one of unknown, same, current-state, conflict-with-id, conflict',
    '8:20 resources.order.version.in: "cookie" is not one of header, body, query',
    '9:38 checks.severity.delete-repeat: "hihg" is not one of critical, high, medium, low, did you mean "high"?',
  ],
  'environment.yaml': [
    '3:8 target.url: environment variable API_URL is not set; set it, or write ${API_URL:-default}',
    '4:24 target.headers.X-Tenant: environment variable TENANT is not set; set it, or write ${TENANT:-default}',
    '4:44 target.headers.X-Odd: "${not a name}" is no environment variable; write ${NAME} or ${NAME:-default}',
    '7:18 resources.order.read: environment variable BASE is not set; set it, or write ${BASE:-default}',
  ],
  'hooks.yaml': [
    '3:21 hooks.clock.command: nothing gives a value for {{second}}; a hook knows {{seconds}}',
    '4:3 hooks.restart: is both "command" and "request"; keep one',
    '5:3 hooks.fault: needs a "command" or a "request"',
    '5:12 hooks.fault.body: goes with "request" only',
    '6:3 hooks.stop: unknown key; known here: clock, restart, fault, limit',
    '7:17 store.redis: "http://127.0.0.1" is no redis:// URL',
    '7:43 store.keys: "idempotency:*" does not say where the key stands; write {key} into it',
    '11:5 resources.order.gone: says both "status" and "value"; keep one',
    '14:5 resources.thing.gone: needs "equals" beside "value"',
  ],
  'ids.yaml': [
    '3:12 resources.a.id: an id cannot be made of itself; write {{uuid}}, {{int}} or {{marker}}',
    '4:12 resources.b.id: must differ from record to record; write {{uuid}}, {{int}} or {{marker}} into it',
    '5:41 resources.c.id.pattern: "/c/[^/]+$" needs a group that says what to take, as in "/orders/([^/]+)$"',
    '6:41 resources.d.id.pattern: "/d/(" is no regular expression',
    '7:8 resources.e.id: needs "header"',
  ],
  'jsonpaths.yaml': [
    '4:9 resources.order.id: "id" is no JSONPath: it has to begin with "$"; write it as in $.items[*].id',
    '5:63 resources.order.create.unique[0]: "$.a." is no JSONPath: it ends too early; write it as in $.items[*].id',
    '5:71 resources.order.create.unique[1]: "a" is no JSONPath: it has to begin with "$"; write it as in $.items[*].id',
    '5:94 resources.order.create.capture.code: "$[" is no JSONPath: unclosed bracketed selection; write it as in $.items[*].id',
    '6:42 resources.order.list.items: "$.items[?" is no JSONPath: unclosed bracketed selection; write it as in $.items[*].id',
    '8:16 resources.order.volatile[0]: "$..[01]" is no JSONPath: leading zero in index selector; write it as in $.items[*].id',
    "9:10 redact[0]: \"$.card number\" is no JSONPath: expected '.', '..' or a bracketed selection, found 'n'; write it as in $.items[*].id",
  ],
  'names.yaml': [
    '2:22 target.headers["X Tenant"]: "X Tenant" cannot be the name of a header',
    '2:44 target.headers.X-Two: a header value must stay on one line',
    '4:3 resources.1order: "1order" cannot be the name of a resource; take letters, digits, "_" and "-"',
    '7:18 resources.1order.create.capture.marker: "marker" has a meaning of its own; take another name',
    '7:31 resources.1order.create.capture["two words"]: "two words" cannot be a name; take letters, digits, "_" and "-"',
    '7:65 resources.1order.create.capture.fine.header: "Bad Name" cannot be the name of a header',
    '8:5 resources.1order.key: needs the "name" of the body field',
    '9:5 resources.1order.version: needs the "name" of the query parameter',
    '10:3 resources.empty: has no operation; give it one of create, list, read, replace, update, delete or actions',
  ],
  'nothing-to-check.yaml': ['1:1 needs "resources", or "openapi" with a document they can be inferred from'],
  'only-a-list.yaml': ['1:1 is no spec: it holds no object; start with "version: 1"'],
  'only-a-text.yaml': ['1:1 is no spec: it holds no object; start with "version: 1"'],
  'only-comments.yaml': ['1:1 the file is empty'],
  'open-quote.yaml': ['2:16 the quote opened here is not closed'],
  'openapi-circle.yaml': ['5:5 the reference goes round in a circle'],
  'openapi-is-none.yaml': [
    '2:10 openapi: ./target.yaml is no OpenAPI document: it has neither "openapi" nor "swagger"',
  ],
  'openapi-missing.yaml': ['2:10 openapi: ./no-such-file.yaml: there is no such file'],
  'openapi-outside.yaml': [
    '5:5 "../../../elsewhere.yaml" lies outside the repository of openapi-outside.yaml, and is not read; put it there, or make one file of all: npx @redocly/cli bundle',
  ],
  'openapi-references.yaml': ['6:20 the reference "#/components/requestBodies/Order" leads nowhere'],
  'openapi-remote.yaml': ['2:10 openapi: remote documents are not read; download it and name the file'],
  'openapi-version.yaml': [
    '1:10 openapi: "4.0.0" is no version that is read here; known: Swagger 2.0 and OpenAPI 3.0, 3.1, 3.2',
  ],
  'parents.yaml': [
    '3:20 resources.order.parent: parents go round in a circle: order -> note -> order',
    '5:20 resources.line.parent[0]: no resource is called "ordr", did you mean "order"?',
    '6:19 resources.self.parent: a resource cannot be its own parent',
    '8:19 resources.part.parent: "thing" has no "create", so that it cannot be made before part',
  ],
  'requests.yaml': [
    '4:13 resources.order.create: write the method in capitals: POST',
    '5:11 resources.order.list: lacks a method; write it as in "GET /orders/{id}"',
    '6:11 resources.order.read: lacks a path; write it as in "GET /orders/{id}"',
    '7:14 resources.order.replace: the path must begin with "/"',
    '8:13 resources.order.update: must not name a host; write the path below the URL of the target, as in "GET /orders/{id}"',
    '9:13 resources.order.delete: a "{" or "}" of the path has no partner',
    '11:14 resources.order.actions.fetch: "FETCH" is no method; write one of GET, HEAD, OPTIONS, POST, PUT, PATCH, DELETE and a path, as in "GET /orders/{id}"',
    '12:15 resources.order.actions.spaced: the path must not hold spaces; write %20',
    '13:13 resources.order.actions.hash: the path must not hold "#"',
    '14:7 resources.order.actions.none: needs a "request", such as "GET /orders/{id}"',
  ],
  'secret-in-a-mistake.yaml': [
    '3:8 target.url: "${SECRET}" is no http or https URL',
    '5:17 store.redis: "${SECRET}" is no redis:// URL',
    '5:36 store.keys: "${SECRET}" does not say where the key stands; write {key} into it',
    '7:80 resources.order.create.unique[0]: "${SECRET}" is no JSONPath: it has to begin with "$"; write it as in $.items[*].id',
    '8:17 resources.note.read: "${SECRET}" is no method; write one of GET, HEAD, OPTIONS, POST, PUT, PATCH, DELETE and a path, as in "GET /orders/{id}"',
    '8:57 resources.note.parent: no resource is called "${SECRET}"',
    '9:17 resources.line.read: nothing gives a value for {${SECRET}}; known here: marker, uuid, int, now, id',
    '10:10 profile: there is no profile "${SECRET}"; known: ietf, ietf-strict, stripe-v1, stripe-v2, adyen, paypal, square, checkout, telnyx, gocardless, aip, azure, aws, shopify, zalando, auto',
  ],
  'statuses.yaml': [
    '3:13 contract.inflight: 4090 is no HTTP status (100 to 599)',
    '4:19 contract.mismatch[1]: 42 is no HTTP status (100 to 599)',
    '5:20 contract.etag.missing: "allowed" is neither a status, nor a list of them, nor "permitted"',
    '7:60 resources.order.gone.status[1]: 4100 is no HTTP status (100 to 599)',
  ],
  'tab-indent.yaml': [
    '3:1 a tab indents this line; YAML wants spaces',
    '4:1 a tab indents this line; YAML wants spaces',
  ],
  'target.yaml': [
    '2:16 target.url: "127.0.0.1:4010" is no http or https URL',
    '3:10 profile: there is no profile "ietf-strct", did you mean "ietf-strict"?',
  ],
  'templates.yaml': [
    '6:26 resources.order.create.body.reference: nothing gives a value for {{markr}}, did you mean "marker"?',
    '6:52 resources.order.create.body.deep[0].to: nothing gives a value for {{uid}}, did you mean "uuid"?',
    '6:74 resources.order.create.body.open: a template is opened with "{{" and not closed with "}}"',
    '7:27 resources.order.create.headers.X-Trace: nothing gives a value for {{trace}}; known here: marker, uuid, int, now, id',
    '8:11 resources.order.read: nothing gives a value for {ID}, did you mean "id"?',
    '11:24 resources.note.create.request: nothing gives a value for {ordr.id}, did you mean "order.id"?',
    '12:11 resources.note.read: {note.id} is the id of this resource itself; write {id}',
    '14:24 resources.line.create.request: {order.id} needs "parent: order" on line',
    '16:5 setup[0]: {order.id} is not known outside of resources',
  ],
  'two-documents.yaml': ['2:1 holds more than one document; keep the first and remove what follows "---"'],
  'unknown-alias.yaml': ['3:10 refers to an anchor "template" that is not there'],
  'unknown-keys.yaml': [
    '2:1 resurces: unknown key, did you mean "resources"?',
    '5:38 resources.order.create.bdy: unknown key, did you mean "body"?',
    '6:5 resources.order.reed: unknown key, did you mean "read"?',
    '7:5 resources.order.zzzzzzzzzz: unknown key; known here: parent, id, create, list, read, replace, update, delete, actions, version, volatile, key, contract, count, gone, setup, teardown',
  ],
  'unknown-tag.yaml': ['4:11 carries a tag ("!...") that is not known here; remove it (Unresolved tag: !request)'],
  'unquoted-template.yaml': ['5:37 a "{" begins a map here; write the request in quotes: "PUT /orders/{id}/lines"'],
  'version-missing.yaml': ['1:1 needs "version": write version: 1'],
  'version-of-tomorrow.yaml': ['1:10 version: must be 1, not 2: this release reads version 1 of the format'],
  'waivers.yaml': [
    '5:5 waivers[0]: needs "reason"',
    '6:37 waivers[1].reason: must not be empty',
    '7:52 waivers[2].until: "2027-02-30" is no date; write YYYY-MM-DD',
    '8:52 waivers[3].until: "1 March 2027" is no date; write YYYY-MM-DD',
    '9:56 waivers[4].operation: lacks a method; write it as in "GET /orders/{id}"',
  ],
  'wrong-types.yaml': [
    '2:9 target: must be an object, not "http://127.0.0.1:4010"',
    '5:13 resources.order.create: must be text or an object, not a list',
    '6:11 resources.order.read: must be text or an object, not the number 5',
    '7:15 resources.order.volatile: must be a list, not "$.updatedAt"',
    '8:10 resources.order.key: must be true, false or an object, not "sometimes"',
    '10:3 waivers: must be a list, not an object',
  ],
};

/** The message of the SpecError that loading ends with; anything else is thrown on. */
async function saidOf(file: string): Promise<string> {
  try {
    await loadSpec(file, { env: { SECRET: 'hunter2' }, profile: null });
  } catch (error) {
    if (error instanceof SpecError) return error.message;
    throw error;
  }
  return '';
}

test.each(Object.entries(SAID))('%s', async (name, said) => {
  const file = `${FOLDER}/${name}`;
  expect((await saidOf(file)).split('\n')).toEqual(said.map(line => `${file}:${line}`));
});

test('every broken spec is in the table', () => {
  expect(readdirSync(FOLDER).toSorted()).toEqual(Object.keys(SAID).toSorted());
});

test('no message shows what came from the environment', async () => {
  expect(await saidOf(`${FOLDER}/secret-in-a-mistake.yaml`)).not.toContain('hunter2');
});

describe('files that are no text', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'idem-check-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('a directory', async () => {
    expect(await saidOf(folder)).toBe(`${folder}:1:1 is a directory; name a file in it`);
  });

  test('a missing file', async () => {
    const file = join(folder, 'none.yaml');
    expect(await saidOf(file)).toBe(`${file}:1:1 there is no such file`);
  });

  test('a folder that is a file', async () => {
    const file = join(folder, 'plain.yaml', 'deeper.yaml');
    await writeFile(join(folder, 'plain.yaml'), 'version: 1');
    expect(await saidOf(file)).toBe(`${file}:1:1 there is no such file`);
  });

  test('a file above 10 MB', async () => {
    const file = join(folder, 'large.yaml');
    await writeFile(file, `# ${'x'.repeat(10 * 1024 * 1024)}`);
    expect(await saidOf(file)).toBe(`${file}:1:1 is larger than 10 MB`);
  });

  test('a file of 10 MB is read', async () => {
    const file = join(folder, 'full.yaml');
    const text = 'version: 1\nresources: { order: { read: "GET /orders/{id}" } }\n#';
    await writeFile(file, text.padEnd(10 * 1024 * 1024, 'x'));
    expect(await saidOf(file)).toBe('');
  });

  test('a file in another encoding', async () => {
    const file = join(folder, 'latin-1.yaml');
    await writeFile(file, Buffer.from('version: 1 # caf\u00e9', 'latin1'));
    expect(await saidOf(file)).toBe(`${file}:1:1 is not UTF-8 text`);
  });

  test('a byte order mark is no mistake', async () => {
    const file = join(folder, 'bom.yaml');
    await writeFile(file, '\uFEFFversion: 1\nresources: { order: { read: "GET /orders/{id}" } }\n');
    expect(await saidOf(file)).toBe('');
  });

  test('a text nested without end', async () => {
    const file = join(folder, 'deep.yaml');
    await writeFile(file, `a: ${'['.repeat(100_000)}`);
    expect(await saidOf(file)).toMatch(/^\S+:1:\d+ /);
    await writeFile(file, `a: ${'['.repeat(300)}${']'.repeat(300)}`);
    expect(await saidOf(file)).toBe(`${file}:1:1 is nested more than 200 levels deep`);
  });
});
