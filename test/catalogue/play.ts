import { createHash } from 'node:crypto';
import { checks } from '../../src/checks/registry.js';
import { createCallers, isAuthenticated } from '../../src/cli/callers.js';
import type { Check } from '../../src/core/check.js';
import type { Case } from '../../src/core/plan.js';
import type { Outcome, Result } from '../../src/core/report.js';
import { runPlan } from '../../src/engine/run.js';
import type { Budgets } from '../../src/engine/session.js';
import { makePlan } from '../../src/plan/make-plan.js';
import { createReferenceApp } from '../../src/reference/app.js';
import type { Flaw, ResourceKind } from '../../src/reference/flaw.js';
import { specText } from '../../src/reference/spec-text.js';
import { createMemoryStore } from '../../src/reference/stores/memory.js';
import type { Style } from '../../src/reference/styles/style.js';
import type { Choices } from '../../src/reference/choices.js';
import { specFromText } from '../../src/spec/load.js';
import { createMemoryTransport } from './memory-transport.js';
import { createVirtualClock } from './virtual-clock.js';
import { writtenDown } from './written-down.js';

const ORIGIN = 'http://reference.test';

/** Longer than any lifetime of a key that the reference API declares, milliseconds. It costs nothing here. */
const MAX_WAIT_MS = 240 * 3_600_000;

/** One API and which cases to play on it; absent = a correct one, its own choices, every resource, every case. */
export interface Played {
  readonly flaw?: Flaw | null;
  readonly choices?: Partial<Choices>;
  readonly resources?: readonly ResourceKind[];
  /** How the API speaks; absent = plainly. */
  readonly style?: Style | null;
  /** What it is described by; absent = a spec written by hand. */
  readonly from?: 'spec' | 'document';
  /** Adds orders whose id the client chooses. */
  readonly clientIds?: boolean;
  readonly checks?: readonly Check[];
  readonly wants?: (one: Case) => boolean;
  /** The pace of the run; absent = as fast as it can. */
  readonly rate?: Budgets['rate'];
  /** Hears of each case that was judged from its evidence, written down and read again. */
  readonly onWrittenDown?: (id: string) => void;
}

/** Plays cases of the catalogue on a reference API in this process, from its own description, on a virtual clock. */
export async function play({
  flaw = null,
  choices = {},
  style = null,
  from = 'spec',
  resources,
  checks: chosen = checks,
  clientIds = false,
  wants = () => true,
  rate = null,
  onWrittenDown = () => undefined,
}: Played): Promise<Outcome> {
  const clock = createVirtualClock();
  const ids = counted('id-');
  const store = createMemoryStore({ clock: clock.reference, ids });
  const app = createReferenceApp({ clock: clock.reference, ids, store, flaw, choices, style });
  const described = { prefix: '', suffix: '', flaw, choices, style, clientIds };
  const byHand = specText([resources === undefined ? described : { ...described, resources }]);
  const text = from === 'spec' ? byHand : await (await app.fetch(new Request(`${ORIGIN}/openapi.json`))).text();
  const written = specFromText(text, 'the reference API', { env: {}, profile: null });
  // Looked into here: the stores of the API are at hand.
  const spec = { ...written, store: { kind: 'command', command: '{key}' } as const };
  const runCommand = () => Promise.resolve({ stdout: '', trouble: 'no commands here' });
  const ground = { ...spec, isAuthenticated: isAuthenticated({ caller: spec.caller, url: ORIGIN }) };
  const whole = makePlan(ground, chosen, { takes: () => true, wants: () => true });
  const cases = whole.cases.filter(wants).map(one => ({
    ...one,
    scenario: writtenDown(one.scenario, () => onWrittenDown(one.id)),
  }));
  const plan = { ...whole, cases };
  const arranger = countingArranger();
  return runPlan(
    plan,
    spec,
    {
      baseUrl: ORIGIN,
      budgets: { maxRequests: null, maxTimeMs: null, maxLeftovers: null, rate },
      workers: 16,
      race: { rounds: 3, widths: [2, 4] },
      maxWaitMs: MAX_WAIT_MS,
      patienceMs: null,
      longestBackOffMs: 60_000,
      severity: {},
    },
    {
      transport: createMemoryTransport(app, { origin: ORIGIN, headers: spec.caller.headers }, clock),
      clock: clock.engine,
      signal: new AbortController().signal,
      callers: createCallers(spec, ORIGIN, { clock: clock.engine, runCommand }, new Set()),
      runCommand,
      lookIntoStore: async key => ({ entries: await store.inspect(key), trouble: null }),
      onEvent: () => undefined,
      arrangerFor: () => arranger,
      redact: text => text,
    },
  );
}

/** A result in one line: verdict, and its reason or its codes. */
export function described({ id, verdict, reason, reasonArgs, findings }: Result): string {
  const codes = [...new Set(findings.map(({ code }) => code))].toSorted().join(' ');
  const why = verdict === 'inconclusive' ? ` ${reason} ${JSON.stringify(reasonArgs)}` : codes === '' ? '' : ` ${codes}`;
  return `${id}: ${verdict}${why}`;
}

function counted(prefix: string): () => string {
  let last = 0;
  return () => `${prefix}${String(++last).padStart(8, '0')}`;
}

function asUuid(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function countingArranger() {
  const [marker, uuid] = [counted('ic-'), counted('00000000-0000-4000-8000-0000')];
  let keys = 0;
  // Neighbours of a key must be nobody's: checks change a letter of theirs.
  const key = () => asUuid(createHash('sha256').update(String(++keys)).digest('hex'));
  let int = 1_000_000;
  const now = '2026-01-01T00:00:00.000Z';
  return { key, fresh: () => ({ marker: marker(), uuid: uuid(), int: ++int, now, values: {} }) };
}
