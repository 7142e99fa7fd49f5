import type { Inference } from '../../core/inference.js';
import type { SpecFile } from '../../generated/spec.js';
import { member, membersOf, itemsOf, textMember } from '../data.js';
import type { Note } from '../draft.js';
import { operationKey } from '../request-line.js';
import { idIn, itemsIn, linksOf } from './answers.js';
import type { Workshop } from './bodies.js';
import { locationOf, type ApiDocument, type Node } from './document.js';
import { groupOperations, type Family, type Traits } from './group.js';
import { keyOf } from './keys.js';
import { createNotebook, type Notebook } from './notebook.js';
import { operationsOf, successOf, type ApiOperation } from './operations.js';
import { documentedBy, promisesOf, type Promises } from './promises.js';
import { callOf, parentsOf, type Call } from './requests.js';
import { inResource, nameOf, notePath, resourceOf } from './resource.js';
import { createSampler } from './sample.js';
import { securityOf } from './security.js';
import { createValidator } from './valid.js';

/** What a document alone says, in the native format and beside it. */
export interface Inferred {
  readonly file: SpecFile;
  /** By `operationKey`. */
  readonly notes: ReadonlyMap<string, Note>;
  /** Documented requests without a role, by resource. */
  readonly others: ReadonlyMap<string, readonly string[]>;
  /** What the document calls itself: its title and its server. */
  readonly about: readonly string[];
  readonly inference: Inference;
}

/**
 * Infers resources from a document. `names` are what the user calls them, by `operationKey`. Throws SpecError for
 * references that cannot be followed.
 */
export function infer(document: ApiDocument, seed: number, names: ReadonlyMap<string, string> = new Map()): Inferred {
  const operations = operationsOf(document);
  const workshop: Workshop = {
    document,
    sampler: createSampler(document, seed),
    judge: createValidator(document),
  };
  const notebook = createNotebook();
  const families = groupOperations(operations, traitsOf(document), names);
  // Of two paths that differ in the names of their parameters alone, the first stands for both.
  const notes = new Map(
    operations.toReversed().map(one => [operationKey(one.method, one.path), noteOf(document, one)] as const),
  );
  // A path whose parameters took the values of their examples is still the documented one.
  const onCall = (one: ApiOperation, { written }: Call): void => {
    const [method = '', path = ''] = written.request.split(' ');
    const note = notes.get(operationKey(one.method, one.path));
    if (note !== undefined && !notes.has(operationKey(method, path))) notes.set(operationKey(method, path), note);
  };
  const making = { workshop, families, notebook, onCall };
  const resources = families.map(family => {
    const resource = resourceOf(family, making);
    notePromises(document, family, notebook);
    return [family.name, resource] as const;
  });
  const others = families.map(family => [family.name, othersOf(family, families, workshop, notebook, onCall)] as const);
  const url = urlOf(document, notebook);
  const title = textMember(document.child(document.root, 'info')?.value, 'title');
  return {
    about: [title, url].filter(text => text !== null),
    file: { version: 1, ...(url === null ? {} : { target: { url } }), resources: Object.fromEntries(resources) },
    notes,
    others: new Map(others),
    inference: {
      guesses: notebook.guesses,
      gaps: notebook.gaps,
      security: securityOf(document, operations),
    },
  };
}

function traitsOf(document: ApiDocument): Traits {
  const showsId = (one: ApiOperation) => idIn(document, successOf(one)?.content?.schema ?? null, '', null) !== null;
  return {
    creates: one =>
      successOf(one)?.status === '201' ||
      keyOf(document, one) !== null ||
      successOf(one)?.headers.includes('location') === true ||
      showsId(one),
    lists: one => itemsIn(document, one) !== null,
    links: (from, to) =>
      linksOf(document, from).some(([, { value }]) => {
        const reference = textMember(value, 'operationRef');
        const isNamed = to.operationId !== null && textMember(value, 'operationId') === to.operationId;
        return (
          isNamed || reference?.includes(`/${to.path.slice(1).replaceAll('~', '~0').replaceAll('/', '~1')}/`) === true
        );
      }),
  };
}

function noteOf(document: ApiDocument, operation: ApiOperation): Note {
  const promises = promisesOf(document, operation);
  return {
    name: nameOf(operation),
    location: locationOf(operation.node, 'key'),
    documented: documentedBy(document, operation, promises),
    tags: operation.tags,
    operationId: operation.operationId,
    layer: promises.layer,
  };
}

/** What an operation promises about keys, as guesses. */
function notePromises(document: ApiDocument, family: Family, notebook: Notebook): void {
  const { create, replace, update, remove, actions, others } = family;
  for (const one of [create, replace, update, remove, ...actions.values(), ...others]) {
    if (one === null || one === undefined) continue;
    const on = { resource: family.name, operation: nameOf(one) };
    const { key, lifetime, described }: Promises = promisesOf(document, one);
    if (key === null) continue;
    const { in: place = 'header', name = 'Idempotency-Key', required } = key.key;
    const demanded = required === undefined ? '' : required ? ', required' : ', optional';
    notebook.guess(on, 'key', `${name} in ${place}${demanded}`, { reason: key.reason, node: key.node });
    if (lifetime?.ttl != null) {
      notebook.guess(on, 'ttl', lifetime.ttl, { reason: `"${clipped(lifetime.text)}"`, node: key.node });
    }
    for (const { what, statuses, response } of described) {
      const reason = `"${clipped(response.description)}"`;
      notebook.guess(on, 'statuses', `${statuses.join(', ')}: ${what}`, { reason, node: response.node, side: 'key' });
    }
  }
}

function clipped(text: string): string {
  const [line = ''] = text.split('\n');
  return line.length <= 80 ? line : `${line.slice(0, 77)}...`;
}

/** Requests without a role. One that changes something is worth a word: no check runs on it. */
function othersOf(
  family: Family,
  families: readonly Family[],
  { document, sampler }: Workshop,
  notebook: Notebook,
  onCall: (one: ApiOperation, call: Call) => void,
): readonly string[] {
  const around = { own: family, parents: parentsOf(family, families) };
  return family.others.map(one => {
    const call = callOf(document, one, around, sampler);
    onCall(one, call);
    notePath(call, { resource: family.name, operation: nameOf(one) }, family, one, notebook);
    if (!['GET', 'HEAD', 'OPTIONS'].includes(one.method)) {
      const text = 'What it does to the resource is not known, so that it is not sent and no check runs on it.';
      notebook.gap({ resource: family.name, operation: nameOf(one) }, text, yamlForOther(family, one), one.node);
    }
    return call.written.request;
  });
}

/** The lines that would give it a role: of a create where there is none and its path names no record, else of an action. */
function yamlForOther(family: Family, { method, path, body }: ApiOperation): string {
  const beside = body === null ? '' : ', body: { ... }';
  const isPlain = !path.includes('{');
  if (isPlain && method === 'POST' && family.create === null) {
    return inResource(family.name, `create: { request: "POST ${path}"${beside} }`);
  }
  const action = path.split('/').findLast(segment => segment !== '' && !segment.includes('{')) ?? 'act';
  const request = `${method} ${path.replaceAll(/\{[^{}]+\}/g, '{id}')}`;
  return inResource(family.name, `actions: { ${action}: { request: "${request}"${beside} } }`);
}

/** The address of the first server, its variables at their defaults; `null` when it names no host. */
function urlOf(document: ApiDocument, notebook: Notebook): string | null {
  const { root } = document;
  const found = document.version === 2 ? oldUrl(root) : serverUrl(document);
  if (found === null) {
    const text = 'The document names no server with a host; give --url, or write it down.';
    notebook.gap({ resource: null }, text, 'target:\n  url: https://staging.example.com', root);
    return null;
  }
  notebook.guess({ resource: null }, 'url', found.url, { reason: found.reason, node: found.node });
  return found.url;
}

interface Server {
  readonly url: string;
  readonly reason: string;
  readonly node: Node;
}

function oldUrl(root: Node): Server | null {
  const own = webHost(root);
  const host = textMember(root.value, 'host') ?? own?.host ?? null;
  const schemes = itemsOf(member(root.value, 'schemes')).map(String);
  const usual = own?.protocol.slice(0, -1) ?? 'https';
  const scheme = schemes.includes('https') ? 'https' : (schemes.find(one => one === 'http') ?? usual);
  const url = host === null ? null : absolute(`${scheme}://${host}${textMember(root.value, 'basePath') ?? ''}`);
  const isOwn = textMember(root.value, 'host') === null;
  const reason = isOwn ? 'where the document came from, which names no host' : 'host and basePath';
  return url === null ? null : { url, reason, node: isOwn ? root : { ...root, path: ['host'] } };
}

/** Where a document that came over the web lives. */
function webHost({ source: { file } }: Node): URL | null {
  return URL.canParse(file) && /^https?:$/.test(new URL(file).protocol) ? new URL(file) : null;
}

/**
 * The first server with a host; an address relative to a document on the web is one as well, and a document that lists
 * none means the host it came from (OpenAPI 3.1 section 4.8.1, servers).
 */
function serverUrl(document: ApiDocument): Server | null {
  const { root } = document;
  const servers = document.items(document.child(root, 'servers'));
  const urls = servers.flatMap((server, index) => {
    const variables = new Map(membersOf(member(server.value, 'variables')));
    const written = (textMember(server.value, 'url') ?? '').replaceAll(/\{([^{}]*)\}/g, (whole, name: string) =>
      String(member(variables.get(name), 'default') ?? whole),
    );
    const url = absolute(URL.canParse(written, root.source.file) ? new URL(written, root.source.file).href : written);
    return url === null
      ? []
      : [
          {
            url,
            reason: index === 0 ? 'the first of its servers' : 'the first of its servers with a host',
            node: server,
          },
        ];
  });
  const own = webHost(root);
  if (servers.length > 0 || own === null) return urls[0] ?? null;
  return { url: own.origin, reason: 'where the document came from, which lists no servers', node: root };
}

function absolute(url: string): string | null {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol) || /\{|%7B/i.test(url)) return null;
  return url.replace(/\/+$/, '');
}
