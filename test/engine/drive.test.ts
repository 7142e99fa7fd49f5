import { readFileSync } from 'node:fs';
import { createSecureServer } from 'node:http2';
import { describe, expect, test } from 'vitest';
import type { Cut } from '../../src/core/http.js';
import type { Outgoing } from '../../src/core/resource.js';
import { interrupted, staggered, together, type Probe } from '../../src/core/step.js';
import type { Transport } from '../../src/core/transport.js';
import { drive, type DrivePorts } from '../../src/engine/drive.js';
import { createSession } from '../../src/engine/session.js';
import { blindOracle } from '../../src/oracle/choose.js';
import { createClock } from '../../src/transport/clock.js';
import { operation } from '../support/subject.js';
import { createBench, get, post } from '../transport/servers.js';

const bench = createBench();
const pem = (name: string) => readFileSync(new URL(`../../fixtures/tls/${name}.pem`, import.meta.url), 'utf8');

function portsOver(transport: Transport, halfWayMs = 0): DrivePorts {
  const clock = createClock();
  const { signal } = new AbortController();
  const budgets = { maxRequests: null, maxTimeMs: null, maxLeftovers: null, rate: null };
  return {
    session: createSession({ transport, clock, budgets, resources: [], signal }),
    clock,
    signal,
    runCommand: async () => ({ stdout: '', trouble: null }),
    callers: async () => ({ headers: [], query: [] }),
    oracleOf: () => blindOracle,
    settleMs: 0,
    hooks: {},
    lookIntoStore: null,
    halfWayMs,
    result: 'case',
    attempt: 1,
    whileAway: ms => clock.sleep(ms),
  };
}

const scope = { marker: 'm', uuid: 'u', int: 1, now: 'n', values: {} };
const outgoing = (request: Outgoing['request']): Outgoing => ({
  operation: operation(request.method, request.path, 'other'),
  scope,
  request,
});

describe('the rounds of a race', () => {
  function* race(rounds: number): Probe {
    for (let round = 0; round < rounds; round++) {
      yield* together('race', [outgoing(post), outgoing(post)], { round, warmUp: outgoing(get) });
    }
  }

  test('take turns among the ways that work', async () => {
    const server = createSecureServer(
      { key: pem('server.key'), cert: pem('server'), allowHTTP1: true },
      (request, response) => {
        request.resume().on('end', () => response.writeHead(200).end());
      },
    );
    const tls = { insecure: false, ca: pem('ca'), cert: null, key: null };
    const transport = bench.transport(`https://localhost:${await bench.listen(server)}`, { tls });
    const { exchanges, error } = await drive(race(4), portsOver(transport));
    expect(error).toBeNull();
    const syncs = [0, 1, 2, 3].map(
      round => new Set(exchanges.filter(one => one.round === round).map(({ sync }) => sync)),
    );
    expect(syncs.map(ways => [...ways])).toEqual([['single-packet'], ['last-byte'], ['single-packet'], ['last-byte']]);
    expect(exchanges.map(({ response }) => response?.status)).toEqual(exchanges.map(() => 200));
  });

  test('go on with whole requests at a server that answers early', async () => {
    const port = await bench.http((_request, response) => response.writeHead(200, { 'content-length': 0 }).end());
    const ports = portsOver(bench.transport(port));
    const { exchanges } = await drive(race(2), ports);
    expect(exchanges.map(({ round, sync, early }) => [round, sync, early ?? false])).toEqual([
      [0, 'last-byte', true],
      [0, 'last-byte', true],
      [1, 'barrier', false],
      [1, 'barrier', false],
    ]);
    // The warm-ups are on record too, beside the race.
    expect(ports.session.exchanges.filter(({ step }) => step === 'race warm-up')).toHaveLength(4);
  });
});

test('staggered requests go out while the first is at work, each on record', async () => {
  const waiting: (() => void)[] = [];
  const port = await bench.http((request, response) => {
    const end = () => response.writeHead(200, { 'content-length': 0 }).end();
    request.resume().on('end', () => {
      waiting.push(end);
      // The first answer comes when the last request is there.
      if (waiting.length === 3) waiting.toReversed().forEach(go => go());
    });
  });
  const ports = portsOver(bench.transport(port));
  function* probe(): Probe {
    yield* staggered('in between', [outgoing(post), outgoing(post), outgoing(post)], [0, 5, 10], 2);
  }
  const { exchanges, error } = await drive(probe(), ports);
  expect(error).toBeNull();
  expect(exchanges.map(({ step, round, lane, sync }) => [step, round, lane, sync])).toEqual(
    [0, 1, 2].map(lane => ['in between', 2, lane, null]),
  );
  expect(ports.session.exchanges.map(({ n }) => n)).toEqual([1, 2, 3]);
});

test.each<[Cut, string]>([
  ['written', 'cut: written'],
  ['half-way', 'cut: half-way'],
])('an interrupted step is cut: %s', async (cut, lostDetail) => {
  const port = await bench.tcp(socket => void socket.resume());
  const ports = portsOver(bench.transport(port), 1);
  function* probe(): Probe {
    yield* interrupted('cut off', outgoing(post), cut, 3);
  }
  const { exchanges, error } = await drive(probe(), ports);
  expect(error).toBeNull();
  expect(exchanges).toMatchObject([
    { n: 1, step: 'cut off', round: 3, lane: 0, lost: 'aborted', lostDetail, sync: null },
  ]);
  expect(ports.session.exchanges).toHaveLength(1);
});
