import { describe, expect, it } from 'vitest';
import type { Request } from '../../src/core/http.js';
import type { Spec } from '../../src/core/spec.js';
import { hook } from '../../src/core/step.js';
import type { Transport } from '../../src/core/transport.js';
import { Trouble } from '../../src/core/trouble.js';
import { blindOracle } from '../../src/oracle/choose.js';
import { drive } from '../../src/engine/drive.js';
import { createSession } from '../../src/engine/session.js';
import { createClock } from '../../src/transport/clock.js';
import { createRunCommand } from '../../src/transport/command.js';

const budgets = { maxRequests: null, maxTimeMs: null, maxLeftovers: null, rate: null };

/** Drives one hook step; the target answers the statuses given, `null` = refused, the last one again and again. */
async function running(
  hooks: Spec['hooks'],
  { name = 'clock', allowed = true, answers = [200] }: Options = {},
): Promise<{ readonly trace: Awaited<ReturnType<typeof drive>>; readonly sent: readonly Request[] }> {
  const clock = createClock();
  const sent: Request[] = [];
  const transport: Transport = {
    async send(request) {
      const status = answers[Math.min(sent.length, answers.length - 1)] ?? null;
      sent.push(request);
      const at = clock.nowUs();
      const response = { status: status ?? 0, headers: [], body: 'moved', bodyEncoding: 'utf8', bodyBytes: 5 } as const;
      return {
        sync: null,
        request: { ...request, url: request.path },
        response: status === null ? null : { ...response, truncated: false },
        lost: status === null ? 'refused' : null,
        lostDetail: null,
        sentAtUs: at,
        writtenAtUs: at,
        firstByteAtUs: at,
        endAtUs: at,
      };
    },
    together: () => Promise.reject(new Error('no race here')),
    ways: async () => ['last-byte'],
    interrupt: () => Promise.reject(new Error('no cut here')),
    close: async () => {},
  };
  const signal = new AbortController().signal;
  const trace = await drive(hook('move', name, { seconds: 90 }), {
    session: createSession({ transport, clock, budgets, resources: [], signal }),
    clock: { ...clock, sleep: async () => {} },
    signal,
    runCommand: createRunCommand({ allowed, timeoutMs: 5000 }),
    callers: async () => ({ headers: [], query: [] }),
    oracleOf: () => blindOracle,
    settleMs: 0,
    halfWayMs: 0,
    hooks,
    lookIntoStore: null,
    result: 'a case',
    attempt: 1,
    whileAway: async () => {},
  });
  return { trace, sent };
}

interface Options {
  readonly name?: 'clock' | 'restart' | 'fault';
  readonly allowed?: boolean;
  readonly answers?: readonly (number | null)[];
}

const echo = { kind: 'command', command: 'echo moved by {{seconds}}' } as const;
const post = { kind: 'request', method: 'POST', path: '/clock?by={{seconds}}', body: '{"by":"{{seconds}}"}' } as const;

describe('the hook step', () => {
  it('runs a command with its values and keeps what it printed', async () => {
    const { trace } = await running({ clock: echo });
    expect(trace.error).toBeNull();
    expect(trace.hooks).toMatchObject([
      { step: 'move', hook: 'clock', values: { seconds: 90 }, kind: 'command', output: 'moved by 90', exchange: null },
    ]);
  });

  it('sends a request to the target and records its exchange', async () => {
    const { trace, sent } = await running({ clock: post });
    expect(sent).toMatchObject([{ method: 'POST', path: '/clock?by=90', body: '{"by":"90"}' }]);
    expect(trace.exchanges.map(({ n, step }) => [n, step])).toEqual([[1, 'move']]);
    expect(trace.hooks).toMatchObject([{ kind: 'request', output: null, exchange: 1 }]);
  });

  it('waits after a restart until the target answers anything', async () => {
    const restart = { kind: 'command', command: 'true' } as const;
    const { trace } = await running({ restart }, { name: 'restart', answers: [null, null, 404] });
    expect(trace.error).toBeNull();
    expect(trace.exchanges.map(({ step, lost }) => [step, lost])).toEqual([
      ['move answers again', 'refused'],
      ['move answers again', 'refused'],
      ['move answers again', null],
    ]);
  });

  it.each([
    ['is missing', {}, {}, 'the spec has none'],
    ['is not allowed', { clock: echo }, { allowed: false }, 'commands run only with --allow-commands'],
    ['ends badly', { clock: { kind: 'command', command: 'echo no >&2; exit 3' } }, {}, 'the command ended with 3: no'],
    ['is refused', { clock: post }, { answers: [500] }, 'answered with 500'],
    ['gets no answer', { clock: post }, { answers: [null] }, 'no answer (refused)'],
  ] as const)('ends the case when the hook %s', async (_, hooks, options, detail) => {
    const { trace } = await running(hooks, options);
    expect(trace.error).toEqual(new Trouble('setup-hook', { hook: 'clock', detail }));
    expect(trace.error).toMatchObject({ reason: 'setup-hook', args: { detail } });
    expect(trace.hooks).toEqual([]);
  });
});
