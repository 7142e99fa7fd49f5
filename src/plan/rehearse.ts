import type { Exchange, HeaderLine, Request, Response } from '../core/http.js';
import type { OracleKind, Reading, World } from '../core/reading.js';
import type { Operation } from '../core/operation.js';
import { operationsOf, type Outgoing, type Resource } from '../core/resource.js';
import type { Scope } from '../core/scope.js';
import type { Answer, Counted, Probe, Step } from '../core/step.js';
import { Trouble } from '../core/trouble.js';

/** What a probe would do on an API that answers as it should. */
export interface Rehearsal {
  readonly requests: number;
  /** The first request of the operation itself; `null` when none would be sent. */
  readonly first: Request | null;
}

/** How effects would be counted: the kind, where it may change asked at every look, and the reads one look takes. */
export interface Counting {
  readonly kind: OracleKind | (() => OracleKind);
  /** Of a view that starts from no earlier reading; absent = 1. */
  readonly reads?: number;
}

/** A probe that asks for more than this would not end. */
const MOST_STEPS = 2_000;

/** Drives a probe with stand-in answers of a well-behaved API, to see what it would send. Sends nothing. */
export function rehearse(
  probe: Probe<unknown>,
  resources: readonly Resource[],
  operation: string,
  counting: Counting,
): Rehearsal {
  const stage = createStage(resources, counting);
  let [requests, first]: [number, Request | null] = [0, null];
  try {
    let turn = probe.next();
    for (let steps = 0; turn.done !== true && steps < MOST_STEPS; steps++) {
      const sent = requestsIn(turn.value);
      requests += sent.length + readsOf(turn.value, counting);
      first ??= sent.find(one => one.operation.name === operation)?.request ?? null;
      turn = probe.next(stage.answer(turn.value));
    }
  } catch (error) {
    // A request that cannot be built ends the case in a run as well.
    if (!(error instanceof Trouble)) throw error;
  }
  return { requests, first };
}

function requestsIn(step: Step): readonly Outgoing[] {
  if (step.kind === 'send' || step.kind === 'interrupted' || step.kind === 'watched') return [step.outgoing];
  if (step.kind === 'disturbed') return step.outgoing;
  if (step.kind !== 'together') return [];
  const { warmUp, outgoing } = step;
  return warmUp === null ? outgoing : [...outgoing, ...outgoing.map(() => warmUp)];
}

/** The requests it takes to count effects: a settled reading looks twice. */
function readsOf(step: Step, counting: Counting): number {
  if (step.kind !== 'effects') return 0;
  const looks = step.when === 'settled' ? 2 : 1;
  switch (kindOf(counting)) {
    case 'identity':
    case 'command':
    case 'none':
      return 0;
    case 'view':
      return step.counted.reduce((sum, { since }) => sum + looks * (since?.world?.length ?? counting.reads ?? 1), 0);
    case 'list':
    case 'filter':
    case 'number':
    case 'store':
      return step.counted.length * looks;
  }
}

function kindOf({ kind }: Counting): OracleKind {
  return typeof kind === 'function' ? kind() : kind;
}

/** An API made of thin air: remembers what was written where, gives versions, and knows nothing of time. */
function createStage(resources: readonly Resource[], counting: Counting): { readonly answer: (step: Step) => Answer } {
  const byOperation = new Map(resources.flatMap(one => operationsOf(one).map(({ name }) => [name, one] as const)));
  const states = new Map<string, { body: string; version: number } | null>();
  const keyed = new Map<string, Response>();
  const acts = new Map<string, number>();
  let [number, ids, nowUs] = [0, 0, 0];

  function respond(sent: Outgoing): Response {
    const repeat = `${sent.request.method} ${sent.request.path} ${JSON.stringify(sent.request.headers)} ${sent.request.body}`;
    const known = sent.operation.contract.key === null ? undefined : keyed.get(repeat);
    if (known !== undefined) return known;
    const response = fresh(sent);
    keyed.set(repeat, response);
    return response;
  }

  function fresh({ operation, request, scope }: Outgoing): Response {
    acts.set(actedOn(operation, scope), (acts.get(actedOn(operation, scope)) ?? 0) + 1);
    const resource = byOperation.get(operation.name);
    const at = `${operation.resource}/${String(scope.values['id'] ?? '')}`;
    const state = states.get(at);
    switch (operation.role) {
      case 'create': {
        const id = resource?.id.from?.(scope) ?? String(++ids);
        states.set(`${operation.resource}/${id}`, { body: request.body ?? '', version: 1 });
        const created = response(201, request.body ?? '{}');
        return resource?.id.chosenBy === 'server' ? resource.id.place(created, id) : created;
      }
      case 'replace':
      case 'update':
        if (isStale(request, state?.version)) return response(412, '');
        states.set(at, { body: request.body ?? '', version: (state?.version ?? 0) + 1 });
        return response(200, request.body ?? '{}');
      case 'delete':
        if (state === null) return response(404, '');
        if (isStale(request, state?.version)) return response(412, '');
        states.set(at, null);
        return response(204, '');
      case 'read':
        return state === null ? response(404, '') : response(200, state?.body ?? '{}', state?.version ?? 1);
      case 'list':
      case 'other':
        return response(200, '[]');
      default:
        return response(201, '{}');
    }
  }

  function exchange(
    step: Extract<Step, { readonly kind: 'send' | 'together' | 'interrupted' | 'watched' | 'disturbed' }>,
    sent: Outgoing,
    lane: number,
  ): Exchange {
    const { method, path, headers, body } = sent.request;
    nowUs += 1000;
    return {
      n: ++number,
      step: step.label,
      attempt: 1,
      round: step.round,
      lane,
      sync: step.kind === 'together' ? 'barrier' : null,
      request: { method, url: path, headers, body },
      response: respond(sent),
      lost: null,
      lostDetail: null,
      sentAtUs: nowUs,
      writtenAtUs: nowUs,
      firstByteAtUs: nowUs + 100_000,
      endAtUs: nowUs + 100_000,
    };
  }

  /** Of the reads of a view one moves, with each operation. */
  const worldOf = ({ operation, scope, since }: Counted): World => {
    const names =
      since?.world?.map(({ name }) => name) ?? Array.from({ length: counting.reads ?? 1 }, (_, at) => `${at}`);
    const moved = String(acts.get(actedOn(operation, scope)) ?? 0);
    return names.map(name => ({ name, at: {}, members: { '$.n': name === '0' ? moved : '0' } }));
  };

  const reading = (step: string, counted: Counted): Reading => ({
    step,
    attempt: 1,
    round: counted.round,
    kind: kindOf(counting),
    count:
      counted.operation.role === 'create' ? Math.min(1, counted.seen.length) : new Set(counted.seen.map(sameAs)).size,
    ids: [],
    value: counted.seen.length,
    trouble: null,
    ...(kindOf(counting) === 'view' ? { world: worldOf(counted) } : {}),
    exchanges: [],
  });

  return {
    answer(step) {
      const exchanges =
        step.kind === 'together' || step.kind === 'disturbed'
          ? step.outgoing.map((one, lane) => exchange(step, one, lane))
          : step.kind === 'send' || step.kind === 'interrupted' || step.kind === 'watched'
            ? [exchange(step, step.outgoing, 0)]
            : [];
      if (step.kind === 'later') nowUs = Math.max(nowUs, (step.sinceUs ?? nowUs) + step.ms * 1000);
      const readings = step.kind === 'effects' ? step.counted.map(counted => reading(step.label, counted)) : [];
      return { exchanges, readings, nowUs };
    },
  };
}

/** What an operation moves: the resource it acts on; for a create what its parents are. */
function actedOn({ role, resource }: Operation, { values }: Scope): string {
  const kept = Object.entries(values).filter(([name]) => role !== 'create' || name.endsWith('.id'));
  return `${role} ${resource} ${JSON.stringify(kept)}`;
}

/** What two requests share that are one under one key. */
function sameAs({ request: { method, url, headers, body } }: Exchange): string {
  return JSON.stringify([method, url, headers, body]);
}

function isStale({ headers }: Request, version: number | undefined): boolean {
  const named = headers.find(([name]) => name.toLowerCase() === 'if-match')?.[1];
  return named !== undefined && version !== undefined && named !== `"${version}"`;
}

function response(status: number, body: string, version: number | null = null): Response {
  const headers: readonly HeaderLine[] = version === null ? [] : [['etag', `"${version}"`]];
  return { status, headers, body, bodyEncoding: 'utf8', bodyBytes: body.length, truncated: false };
}
