import type { Exchange, Request } from '../core/http.js';
import type { OracleKind, Reading, World } from '../core/reading.js';
import type { Outgoing, Resource } from '../core/resource.js';
import type { Answer, Counted, Probe, Step } from '../core/step.js';
import { WHOLE } from '../core/sync.js';
import { Trouble } from '../core/trouble.js';
import { createStandIn, type StandIn } from './stand-in.js';

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
  if (step.kind === 'disturbed' || step.kind === 'staggered') return step.outgoing;
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

/** A step that sends something. */
type Sending = Extract<
  Step,
  { readonly kind: 'send' | 'together' | 'staggered' | 'interrupted' | 'watched' | 'disturbed' }
>;

/** Plays the engine's part to a probe, with the answers of a stand-in API and a clock that moves as steps are taken. */
function createStage(resources: readonly Resource[], counting: Counting): { readonly answer: (step: Step) => Answer } {
  const api = createStandIn(resources);
  let [number, nowUs] = [0, 0];

  function exchange(step: Sending, sent: Outgoing, lane: number): Exchange {
    const { method, path, headers, body } = sent.request;
    nowUs += 1000;
    return {
      n: ++number,
      step: step.label,
      attempt: 1,
      round: step.round,
      lane,
      sync: step.kind === 'together' ? WHOLE : null,
      request: { method, url: path, headers, body },
      response: api.respond(sent),
      lost: null,
      lostDetail: null,
      sentAtUs: nowUs,
      writtenAtUs: nowUs,
      firstByteAtUs: nowUs + 100_000,
      endAtUs: nowUs + 100_000,
    };
  }

  function exchangesOf(step: Step): readonly Exchange[] {
    if (step.kind === 'together' || step.kind === 'disturbed' || step.kind === 'staggered') {
      return step.outgoing.map((one, lane) => exchange(step, one, lane));
    }
    const isSending = step.kind === 'send' || step.kind === 'interrupted' || step.kind === 'watched';
    return isSending ? [exchange(step, step.outgoing, 0)] : [];
  }

  return {
    answer(step) {
      const exchanges = exchangesOf(step);
      if (step.kind === 'later') nowUs = Math.max(nowUs, (step.sinceUs ?? nowUs) + step.ms * 1000);
      const readings =
        step.kind === 'effects' ? step.counted.map(counted => reading(step.label, counting, counted, api)) : [];
      return { exchanges, readings, nowUs };
    },
  };
}

/** What would be counted of exchanges that went as they should. */
function reading(step: string, counting: Counting, counted: Counted, api: StandIn): Reading {
  const { round, seen, operation } = counted;
  const kind = kindOf(counting);
  return {
    step,
    attempt: 1,
    round,
    kind,
    count: operation.role === 'create' ? Math.min(1, seen.length) : new Set(seen.map(sameAs)).size,
    ids: [],
    value: seen.length,
    trouble: null,
    ...(kind === 'view' ? { world: worldOf(counting, counted, api) } : {}),
    exchanges: [],
  };
}

/** Of the reads of a view one moves, with each operation. */
function worldOf({ reads = 1 }: Counting, { operation, scope, since }: Counted, { actsOf }: StandIn): World {
  const names = since?.world?.map(({ name }) => name) ?? Array.from({ length: reads }, (_, at) => `${at}`);
  const moved = String(actsOf(operation, scope));
  return names.map(name => ({ name, at: {}, members: { '$.n': name === '0' ? moved : '0' } }));
}

/** What two requests share that are one under one key. */
function sameAs({ request: { method, url, headers, body } }: Exchange): string {
  return JSON.stringify([method, url, headers, body]);
}
