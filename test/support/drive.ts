import type { Scenario, Tools } from '../../src/core/check.js';
import type { Evidence } from '../../src/core/evidence.js';
import { createEvidence } from '../../src/core/evidence.js';
import type { HookRun } from '../../src/core/hook-run.js';
import type { Exchange, HeaderLine, Request } from '../../src/core/http.js';
import type { Reading } from '../../src/core/reading.js';
import type { Preflight } from '../../src/core/preflight.js';
import type { Counted, Step } from '../../src/core/step.js';
import { soundPreflight } from './evidence.js';

/** What a server of a test answers with. */
export interface Reply {
  readonly status: number;
  readonly body?: object | string;
  readonly headers?: readonly HeaderLine[];
}

/** A server held in memory, and the count of an oracle that sees all of it. */
export interface Server {
  readonly handle: (request: Request, nowUs: number) => Reply;
  readonly count: (counted: Counted) => number | null;
}

/** Drives a probe against a server in memory, with a clock that moves by one millisecond a request and by every wait. */
export function drive(
  scenario: Scenario,
  server: Server,
  { maxWaitMs = 10_000, preflight = {} }: { readonly maxWaitMs?: number; readonly preflight?: Partial<Preflight> } = {},
) {
  const tools = { ...createTools(maxWaitMs), preflight: { ...soundPreflight, ...preflight } };
  const exchanges: Exchange[] = [];
  const readings: Reading[] = [];
  const steps: Step[] = [];
  const hooks: HookRun[] = [];
  let nowUs = 0;
  let movedUs = 0;
  const exchange = (step: string, round: number, lane: number, request: Request, isRace: boolean): Exchange => {
    const reply = server.handle(request, nowUs + movedUs);
    const body = typeof reply.body === 'object' ? JSON.stringify(reply.body) : (reply.body ?? '');
    const made: Exchange = {
      n: exchanges.length + 1,
      step,
      attempt: 1,
      round,
      lane,
      sync: isRace ? 'barrier' : null,
      request: { method: request.method, url: request.path, headers: request.headers, body: request.body },
      response: {
        status: reply.status,
        headers: reply.headers ?? [['content-type', 'application/json']],
        body,
        bodyEncoding: 'utf8',
        bodyBytes: Buffer.byteLength(body),
        truncated: false,
      },
      lost: null,
      lostDetail: null,
      sentAtUs: nowUs,
      writtenAtUs: nowUs,
      firstByteAtUs: nowUs + 1000,
      endAtUs: nowUs + 1000,
    };
    exchanges.push(made);
    return made;
  };
  const answer = (step: Step): { readonly exchanges: readonly Exchange[]; readonly readings: readonly Reading[] } => {
    switch (step.kind) {
      case 'watched':
      case 'send': {
        const one = exchange(step.label, step.round, 0, step.outgoing.request, false);
        nowUs += 1000;
        return { exchanges: [one], readings: [] };
      }
      case 'together': {
        const all = step.outgoing.map(({ request }, lane) => exchange(step.label, step.round, lane, request, true));
        nowUs += 1000;
        return { exchanges: all, readings: [] };
      }
      case 'staggered': {
        const beganUs = nowUs;
        const all = step.outgoing.map(({ request }, lane) => {
          nowUs = beganUs + (step.afterMs[lane] ?? 0) * 1000;
          return exchange(step.label, step.round, lane, request, false);
        });
        nowUs += 1000;
        return { exchanges: all, readings: [] };
      }
      case 'interrupted': {
        const one = exchange(step.label, step.round, 0, step.outgoing.request, false);
        nowUs += 1000;
        const cut: Exchange = {
          ...one,
          response: null,
          lost: 'aborted',
          lostDetail: `cut: ${step.cut}`,
          firstByteAtUs: null,
        };
        exchanges.splice(exchanges.indexOf(one), 1, cut);
        return { exchanges: [cut], readings: [] };
      }
      case 'hook': {
        const { label, hook, values } = step;
        nowUs += 1000;
        movedUs += hook === 'clock' ? Number(values['seconds'] ?? 0) * 1_000_000 : 0;
        const done = { kind: 'command', output: '', exchange: null, atUs: nowUs } as const;
        hooks.push({ step: label, attempt: 1, hook, values, ...done });
        return { exchanges: [], readings: [] };
      }
      case 'disturbed': {
        // The last one is the one that the hook takes with it.
        const all = step.outgoing.map(({ request }, at) => exchange(step.label, step.round + at, 0, request, false));
        const last = all.at(-1);
        nowUs += 1000;
        hooks.push({
          step: step.label,
          attempt: 1,
          hook: step.hook,
          values: {},
          kind: 'command',
          output: '',
          exchange: null,
          atUs: nowUs,
        });
        if (last === undefined) return { exchanges: all, readings: [] };
        const cut: Exchange = { ...last, response: null, lost: 'reset', lostDetail: 'reset', firstByteAtUs: null };
        exchanges.splice(exchanges.indexOf(last), 1, cut);
        return { exchanges: [...all.slice(0, -1), cut], readings: [] };
      }
      case 'later':
        nowUs = Math.max(nowUs, (step.sinceUs ?? nowUs) + step.ms * 1000);
        return { exchanges: [], readings: [] };
      case 'effects': {
        const read = step.counted.map((counted): Reading => {
          const total = server.count(counted);
          return {
            step: step.label,
            attempt: 1,
            round: counted.round,
            kind: total === null ? 'none' : 'filter',
            count: total === null ? null : total - (counted.since?.value ?? 0),
            ids: [],
            value: total,
            trouble: null,
            exchanges: [],
          };
        });
        readings.push(...read);
        return { exchanges: [], readings: read };
      }
    }
  };
  const probe = scenario.probe(tools);
  let next = probe.next();
  while (next.done !== true) {
    steps.push(next.value);
    next = probe.next({ ...answer(next.value), nowUs });
  }
  const evidence: Evidence = createEvidence({ exchanges, readings, hooks, preflight: tools.preflight, maxWaitMs });
  return { evidence, verdict: scenario.judge(evidence), exchanges, steps };
}

/** Tools that hand out numbered scopes and keys. */
export function createTools(maxWaitMs = 10_000): Tools {
  let scopes = 0;
  let keys = 0;
  return {
    preflight: soundPreflight,
    fresh: () => {
      scopes += 1;
      return { marker: `m-${scopes}`, uuid: `u-${scopes}`, int: scopes, now: '2026-01-01T00:00:00Z', values: {} };
    },
    key: () => {
      keys += 1;
      return `key-${keys}`;
    },
    race: { rounds: 3, widths: [2, 4] },
    maxWaitMs,
    patienceMs: 60_000,
  };
}
