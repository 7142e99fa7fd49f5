import type { Check, Scenario } from '../../src/core/check.js';
import type { RunEvent } from '../../src/core/events.js';
import type { Request } from '../../src/core/http.js';
import type { Operation } from '../../src/core/operation.js';
import type { Case } from '../../src/core/plan.js';
import type { Outcome } from '../../src/core/report.js';
import type { Resource } from '../../src/core/resource.js';
import type { Clock, Transport, Wire } from '../../src/core/transport.js';
import { pass } from '../../src/core/verdict.js';
import { runPlan, type RunPorts } from '../../src/engine/run.js';
import { resource } from '../support/subject.js';

/** A check that says nothing of itself. */
const CHECK: Check = {
  id: 'a-check',
  group: 'keys',
  title: '',
  severity: 'high',
  basis: 'must',
  refs: [],
  sends: '',
  judges: '',
  expected: '',
  why: '',
  fix: '',
  guards: [],
  messages: {},
  notes: {},
  isolation: 'shared',
  isLate: false,
  variants: [null],
  plan: () => ({ skip: 'planned by hand' }),
};

/** A case of a plan made by hand; its probe does nothing and it passes, unless told otherwise. */
export function planned({
  id = 'a-check',
  within = resource(),
  operation = within.create,
  check = {},
  scenario = {},
}: {
  readonly id?: string;
  readonly within?: Resource;
  readonly operation?: Operation | null;
  readonly check?: Partial<Check>;
  readonly scenario?: Partial<Scenario>;
} = {}): Case {
  if (operation === null) throw new Error('no operation');
  return {
    id: `${operation.name}#${id}`,
    check: { ...CHECK, id, ...check },
    variant: null,
    operation,
    resource: within,
    scenario: {
      hooks: [],
      *probe() {},
      judge: () => pass(),
      ...scenario,
    },
  };
}

/** Time that moves by what is slept, as soon as nothing else is left to do. */
export function createJumpingClock(): Clock {
  let us = 0;
  return {
    nowUs: () => us,
    wallMs: () => us / 1000,
    sleep: async ms => {
      await new Promise(resolve => setImmediate(resolve));
      us += ms * 1000;
    },
  };
}

/** An answer in place of the usual one; `null` = the usual one. */
type Bend = (request: Request) => { readonly status: number; readonly headers?: Wire['request']['headers'] } | null;

/** Plays cases on an API of orders that forgets nothing and keeps no keys. */
export async function runOf(
  cases: readonly Case[],
  {
    bend = () => null,
    ports = {},
    setup = [],
    teardown = [],
  }: {
    readonly bend?: Bend;
    readonly ports?: Partial<RunPorts>;
    readonly setup?: readonly Operation[];
    readonly teardown?: readonly Operation[];
  } = {},
): Promise<Outcome & { readonly events: readonly RunEvent[]; readonly sent: readonly string[] }> {
  const clock = createJumpingClock();
  const events: RunEvent[] = [];
  const sent: string[] = [];
  const orders = new Map<string, string>();
  const usual = ({ method, path, body }: Request): { readonly status: number; readonly body: unknown } => {
    const id = /^\/orders\/(.+)$/.exec(path)?.[1];
    if (method === 'POST') {
      const made = String(orders.size + 1);
      orders.set(made, (JSON.parse(body ?? '{}') as { readonly reference: string }).reference);
      return { status: 201, body: { id: made } };
    }
    if (method === 'DELETE') return { status: id !== undefined && orders.has(id) ? 204 : 404, body: {} };
    if (id !== undefined) return { status: orders.has(id) ? 200 : 404, body: { id } };
    const wanted = /reference=(.*)$/.exec(path)?.[1];
    return {
      status: 200,
      body: [...orders].filter(([, one]) => one === wanted).map(([own, reference]) => ({ id: own, reference })),
    };
  };
  const send = async (request: Request): Promise<Wire> => {
    sent.push(`${request.method} ${request.path}`);
    const { status, headers, body } = { headers: [], body: {}, ...(bend(request) ?? usual(request)) };
    const text = JSON.stringify(body);
    const atUs = clock.nowUs();
    return {
      sync: null,
      request: { ...request, url: new URL(request.path, 'http://api.test').href },
      response: { status, headers, body: text, bodyEncoding: 'utf8', bodyBytes: text.length, truncated: false },
      lost: null,
      lostDetail: null,
      sentAtUs: atUs,
      writtenAtUs: atUs,
      firstByteAtUs: atUs,
      endAtUs: atUs,
    };
  };
  const transport: Transport = {
    send,
    together: () => Promise.reject(new Error('no race here')),
    ways: async () => ['last-byte'],
    interrupt: () => Promise.reject(new Error('no cut here')),
    close: async () => {},
  };
  let [scopes, keys] = [0, 0];
  const outcome = await runPlan(
    { cases, omissions: [], resources: [] },
    { resources: [...new Set(cases.map(one => one.resource))], hooks: {}, setup, teardown },
    {
      baseUrl: 'http://x',
      budgets: { maxRequests: null, maxTimeMs: null, maxLeftovers: null, rate: null },
      workers: 4,
      race: { rounds: 1, widths: [2] },
      maxWaitMs: 60_000,
      patienceMs: null,
      longestBackOffMs: 60_000,
      severity: {},
    },
    {
      transport,
      clock,
      callers: async () => ({ headers: [], query: [] }),
      runCommand: async () => ({ stdout: '', trouble: 'no commands here' }),
      arrangerFor: () => ({
        key: () => `key-${++keys}`,
        fresh: () => ({ marker: `m-${++scopes}`, uuid: `u-${scopes}`, int: scopes, now: 'n', values: {} }),
      }),
      onEvent: event => events.push(event),
      signal: new AbortController().signal,
      redact: text => text,
      ...ports,
    },
  );
  return { ...outcome, events, sent };
}
