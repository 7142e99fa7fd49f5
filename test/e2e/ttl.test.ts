import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { LateState } from '../../src/core/planted-key.js';
import type { Report } from '../../src/core/report.js';
import { startReference, type RunningReference } from '../../src/reference/serve.js';
import { specText } from '../../src/reference/spec-text.js';
import { inFolder, written } from '../support/folder.js';
import { cli } from '../support/run-cli.js';
import { expectValidReport } from '../support/valid-report.js';

const HOUR = 3600;

/** A reference API with a clock that can be moved, its spec, and the two commands on one state file. */
async function withApi(
  use: (api: Awaited<ReturnType<typeof commandsOf>>) => Promise<void>,
  { ttlSeconds = 24 * HOUR, resources = ['order'] as const, more = '' } = {},
): Promise<void> {
  const choices = { ttlSeconds };
  const reference = await startReference({ mounts: [{ prefix: '', flaw: null, choices }], testClock: true });
  const text = specText([{ prefix: '', suffix: '', flaw: null, choices: {}, resources }]);
  try {
    await inFolder(async folder => use(await commandsOf(folder, reference, `${text}${more}`)));
  } finally {
    await reference.close();
  }
}

async function commandsOf(folder: string, reference: RunningReference, text: string) {
  const spec = written(folder, 'idem-check.yaml', text);
  const [state, json, junit] = ['state.json', 'report.json', 'junit.xml'].map(name => join(folder, name)) as [
    string,
    string,
    string,
  ];
  const run = async (command: 'plant' | 'verify', flags: readonly string[] = []) => {
    const files = ['--report-json-path', json, '--report-junit-path', junit];
    const ended = await cli(['ttl', command, spec, '--url', reference.url, '--state', state, ...files, ...flags]);
    const report = readFileSync(json, 'utf8');
    expectValidReport(report);
    return { ...ended, report: JSON.parse(report) as Report, junit: readFileSync(junit, 'utf8') };
  };
  const read = () => JSON.parse(readFileSync(state, 'utf8')) as LateState;
  return {
    folder,
    spec,
    state,
    url: reference.url,
    run,
    read,
    /** Lets hours go by: for the API by its clock, for the keys by their dates. The target's Date does not move. */
    async pass(hours: number) {
      await fetch(`${reference.url}/admin/clock?seconds=${hours * HOUR}`, { method: 'POST' });
      const back = (date: string) => new Date(Date.parse(date) - hours * HOUR * 1000).toISOString();
      const planted = read().planted.map(key => ({
        ...key,
        plantedAt: back(key.plantedAt),
        serverDate: key.serverDate === null ? null : back(key.serverDate),
      }));
      writeFileSync(state, JSON.stringify({ ...read(), planted }));
    },
    async orders(): Promise<number> {
      const { items } = (await (await fetch(`${reference.url}/orders`)).json()) as { readonly items: unknown[] };
      return items.length;
    },
  };
}

const of = ({ results }: Report, id = 'POST /orders#key-ttl-honoured') => results.find(result => result.id === id);

test('planted today, honoured tomorrow: the records stand until then, and are deleted', async () => {
  await withApi(async ({ run, read, pass, orders }) => {
    const planted = await run('plant', ['--at', '1h,21h', '--keys', '2']);
    expect([planted.code, planted.report.exitCode]).toEqual([0, 0]);
    expect(of(planted.report)?.message).toBe('4 keys planted; the first is due 60 min from now.');
    expect(planted.out).toMatch(/4 keys planted; the next key is due at \S+Z, in 59 min/);
    expect(read().planted.map(({ due }) => due)).toEqual([HOUR, HOUR, 21 * HOUR, 21 * HOUR]);
    expect([planted.report.leftovers, await orders()]).toEqual([[], 4]);

    const early = await run('verify');
    expect([early.code, early.report.exitCode, early.report.results]).toEqual([0, 0, []]);
    expect(early.report.exchanges).toEqual([]);
    expect(early.out).toMatch(/^Nothing is due; the next key is due at \S+Z, in 59 min\n$/);

    await pass(22);
    const late = await run('verify');
    expect(late.code).toBe(0);
    expect(of(late.report)).toMatchObject({ verdict: 'pass', notes: ['Held at 22 h; older keys were not tried.'] });
    expect(late.junit).toContain('key-ttl-honoured');
    expect([read().planted, await orders()]).toEqual([[], 0]);
    const replays = late.report.exchanges.filter(({ step, round }) => step === 'replay' && round > 0);
    expect(replays).toHaveLength(4);
  });
});

test('a key that is gone too early is told with the age at which another held', async () => {
  await withApi(
    async ({ run, read, pass, orders }) => {
      await run('plant', ['--at', '6h,21h', '--keys', '1']);
      await pass(6);
      const first = await run('verify');
      expect(first.code).toBe(0);
      expect(of(first.report)).toMatchObject({ verdict: 'inconclusive', reason: 'held-so-far' });
      expect(first.out).toContain('in 14.9 h');
      await pass(16);
      const second = await run('verify');
      expect(second.code).toBe(1);
      expect(of(second.report)?.message).toBe('Held at 6 h, gone at 22 h: lives [6 h, 22 h), promised 24 h.');
      expect(read()).toMatchObject({ planted: [], seen: [{ state: 'held' }, { state: 'gone' }] });
      expect([await orders(), second.report.leftovers]).toEqual([0, []]);
    },
    { ttlSeconds: 12 * HOUR },
  );
});

test('notes and deposits are planted with all they need, and taken away with it', async () => {
  const resources = ['order', 'account', 'note'] as const;
  await withApi(
    async ({ run, read, pass, orders }) => {
      await run('plant', ['--at', '20h', '--keys', '1']);
      expect(
        read()
          .planted.map(({ operation }) => operation)
          .toSorted(),
      ).toEqual(['POST /accounts', 'POST /accounts/{id}/deposits', 'POST /orders', 'POST /orders/{order.id}/notes']);
      await pass(22);
      const { report } = await run('verify');
      expect(report.results.map(({ verdict }) => verdict)).toEqual(['pass', 'pass', 'pass', 'pass']);
      expect([read().planted, report.leftovers, await orders()]).toEqual([[], [], 0]);
    },
    { resources: resources as never },
  );
});

test('a record that is no longer there, and another environment, are no failure', async () => {
  await withApi(async ({ run, read, pass, url }) => {
    await run('plant', ['--at', '1h', '--keys', '2', '--environment', 'blue']);
    await pass(2);
    const other = await run('verify', ['--environment', 'green']);
    expect([other.code, of(other.report)?.reason]).toEqual([3, 'environment-changed']);
    expect(read().planted).toHaveLength(2);
    const { items } = (await (await fetch(`${url}/orders`)).json()) as { items: readonly { readonly id: string }[] };
    for (const { id } of items) await fetch(`${url}/orders/${id}`, { method: 'DELETE' });
    const gone = await run('verify', ['--environment', 'blue']);
    expect([gone.code, of(gone.report)?.verdict, of(gone.report)?.reason]).toEqual([
      3,
      'inconclusive',
      'control-failed',
    ]);
    expect(gone.report.exchanges.filter(({ step, round }) => step === 'replay' && round > 0)).toEqual([]);
    expect(read().planted).toEqual([]);
  });
});

test('a target that is down uses no key up', async () => {
  await withApi(async ({ run, read, pass, spec, state, folder }) => {
    await run('plant', ['--at', '1h', '--keys', '2']);
    await pass(2);
    const text = readFileSync(spec, 'utf8').replace('GET /orders/{id}', 'GET /nowhere/{id}');
    writeFileSync(spec, text);
    const dead = await cli(['ttl', 'verify', spec, '--url', 'http://127.0.0.1:9', '--state', state, '-q']);
    expect([dead.code, folder.length > 0]).toEqual([3, true]);
    expect(read().planted).toHaveLength(2);
  });
});

test('the state holds no secret', async () => {
  const more = 'target:\n  headers: { X-Api-Key: "s3cr3t-of-the-spec" }\n  auth: { bearer: "t0ken-of-the-spec" }\n';
  await withApi(
    async ({ run, state }) => {
      await run('plant', ['--at', '1h', '--keys', '1', '-H', 'X-Own: s3cr3t-of-the-flag']);
      const text = readFileSync(state, 'utf8');
      expect(text).toContain('"version": 1');
      expect(text).not.toMatch(/s3cr3t|t0ken|127\.0\.0\.1|99\.99/);
    },
    { more },
  );
});

test('a spec that builds another request sends nothing in its place', async () => {
  await withApi(async ({ run, pass, spec }) => {
    await run('plant', ['--at', '1h', '--keys', '1']);
    await pass(2);
    writeFileSync(spec, readFileSync(spec, 'utf8').replace('amount: 99.99', 'amount: 98.76'));
    const { report } = await run('verify');
    expect(of(report)).toMatchObject({ verdict: 'inconclusive' });
    expect(of(report)?.message).toContain('the spec builds another request than was planted');
    expect(report.exchanges.filter(({ step, round }) => step === 'replay' && round > 0)).toEqual([]);
  });
});

test('a thousand keys are used again in one run, within the rate that is allowed', { timeout: 300_000 }, async () => {
  await withApi(async ({ run, read, pass }) => {
    await run('plant', ['--at', '20h', '--keys', '1000', '-q']);
    expect(read().planted).toHaveLength(1000);
    await pass(22);
    const { report } = await run('verify', ['--rate-limit', '400/s', '-q']);
    expect(of(report)).toMatchObject({ verdict: 'pass' });
    const sent = report.exchanges
      .flatMap(({ sentAtUs }) => (sentAtUs === null ? [] : [sentAtUs]))
      .toSorted((a, b) => a - b);
    expect(report.exchanges.filter(({ step, round }) => step === 'replay' && round > 0)).toHaveLength(1000);
    const seconds = ((sent.at(-1) ?? 0) - (sent[0] ?? 0)) / 1_000_000;
    expect(sent.length / seconds).toBeLessThan(440);
    expect(read().planted).toEqual([]);
  });
});
