// How tight each way of release is, and what it finds: every figure a ratio or a share within one interleaved run.
// `--full` takes every width and more bursts. Needs redis-server and nginx for their parts, and says so without them.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, release, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { clusterTable } from './cluster-table.mjs';
import { CERTIFICATES, bodyOf } from './methods.mjs';
import { compare, freshKey, percent, rowOf, seenBy, start } from './measure.mjs';
import { nginxBefore } from './nginx.mjs';
import { WINDOWS } from './server.mjs';

const isFull = process.argv.includes('--full');
const rounds = Number(process.env.ROUNDS ?? (isFull ? 200 : 60));
const widths = isFull ? [2, 5, 10, 20, 50] : [2, 10, 20, 50];
const goals = [];
const racy = await start('server.mjs', CERTIFICATES);
const { plain, tls, h2c, h2, control } = racy.ports;
// `APART=1`: client and server on a core each, as on two machines; else Linux may wake the server on the client's core.
const isApart = process.env.APART === '1';
if (isApart) [process.pid, racy.pid].forEach((pid, core) => pin(pid, core));
const at = (port, scheme = 'http') => `${scheme}://127.0.0.1:${port}`;
const ALONG = { control, rounds, body: bodyOf() };

console.log(
  `Node ${process.version}, ${cpus().length} cores, Linux ${release()}, ${new Date().toISOString().slice(0, 10)}${isApart ? '; client and server on a core each' : ''}`,
);

function pin(pid, core) {
  const { status } = spawnSync('taskset', ['--all-tasks', '-cp', String(core), String(pid)]);
  if (status !== 0) throw new Error('APART=1 needs taskset (apt-get install util-linux)');
}

function show(title, rows) {
  console.log(`\n${title}\n`);
  console.log(`| way | N | spread p50 ms | ${WINDOWS.map(ms => (ms === 0 ? 'one turn' : `${ms} ms`)).join(' | ')} |`);
  console.log(`|---|---:|---:|${WINDOWS.map(() => '---:').join('|')}|`);
  for (const { name, width, spreadMs, detected } of rows) {
    console.log(`| ${name} | ${width} | ${spreadMs.toFixed(3)} | ${detected.map(percent).join(' | ')} |`);
  }
}

function goal(what, measured, hold, isMet, format = value => value.toFixed(2)) {
  goals.push({ what, measured: format(measured), hold, isMet: isMet(measured) });
}

const find = (rows, name, width) => rows.find(row => row.name === name && row.width === width);
const ratio = (rows, ours, theirs, width) => find(rows, ours, width).spreadMs / find(rows, theirs, width).spreadMs;

const PLAIN = [
  { name: 'fetch', url: at(plain) },
  { name: 'pool', url: at(plain) },
  { name: 'barrier', url: at(plain) },
  { name: 'last-byte', url: at(plain) },
  { name: 'single-packet', url: at(h2c), h2c: true },
  { name: 'several packets', url: at(h2c), h2c: true },
];

const loopback = [];
for (const width of widths) loopback.push(...(await compare(PLAIN, { ...ALONG, width })));
const cannon = [{ name: 'autocannon', url: at(plain) }];
for (const width of [10, 20]) loopback.push(...(await compare(cannon, { ...ALONG, width, rounds: 5, warm: 0 })));
show('Loopback, plain', loopback);
for (const width of [20, 50]) {
  const measured = ratio(loopback, 'single-packet', 'pool', width);
  goal(`spread, single packet / warm pool, N=${width}`, measured, '<= 0.55', value => value <= 0.55);
}
const turn = name => find(loopback, name, 10).detected[0];
goal('one turn, N=10: single packet', turn('single-packet'), '>= 99 %', value => value >= 0.99, percent);
const least = Math.max(0.8, turn('pool'));
goal(
  'one turn, N=10: last byte',
  turn('last-byte'),
  `>= 80 % and >= pool (${percent(turn('pool'))})`,
  v => v >= least,
  percent,
);
goal(
  'spread, last byte / warm pool, small body, N=20',
  ratio(loopback, 'last-byte', 'pool', 20),
  '<= 1.3',
  v => v <= 1.3,
);

const SECURE = [
  { name: 'pool', url: at(tls, 'https') },
  { name: 'last-byte', url: at(tls, 'https') },
  { name: 'single-packet', url: at(h2, 'https') },
];
show('Loopback, TLS', await compare(SECURE, { ...ALONG, width: 20 }));

const large = await compare(PLAIN.slice(1), {
  ...ALONG,
  width: 20,
  rounds: rounds / 2,
  body: bodyOf(512),
  headers: { 'x-racy': 'no' },
});
console.log('\nLarge body (512 kB), N=20, spread p50 ms\n\n| way | ms | / pool |\n|---|---:|---:|');
for (const { name, spreadMs } of large) {
  console.log(`| ${name} | ${spreadMs.toFixed(2)} | ${(spreadMs / find(large, 'pool', 20).spreadMs).toFixed(2)} |`);
}
goal(
  'spread, last byte / warm pool, 512 kB, N=20',
  ratio(large, 'last-byte', 'pool', 20),
  '<= 0.5',
  value => value <= 0.5,
);

// Their helpers would share the core of the client.
if (!isApart) {
  await jittered('0-20 ms of jitter per chunk', plain, h2c, [2, 10, 20]);
  await freshProcesses();
  await loaded();
  await behindNginx();
  await onCluster();
}

console.log('\nGoals\n\n| goal | measured | hold | met |\n|---|---:|---:|---|');
for (const { what, measured, hold, isMet } of goals)
  console.log(`| ${what} | ${measured} | ${hold} | ${isMet ? 'yes' : '**no**'} |`);
racy.stop();

async function jittered(title, h1Port, h2Port, some, scheme = 'http') {
  const [first, second] = [await start('jitter.mjs', h1Port, 20), await start('jitter.mjs', h2Port, 20)];
  const through = [
    { name: 'pool', url: at(first.ports) },
    { name: 'last-byte', url: at(first.ports) },
    { name: 'single-packet', url: at(second.ports, scheme), h2c: scheme === 'http' },
    { name: 'several packets', url: at(second.ports, scheme), h2c: scheme === 'http' },
  ];
  const rows = [];
  for (const width of some) rows.push(...(await compare(through, { ...ALONG, width, rounds: Math.ceil(rounds / 2) })));
  show(title, rows);
  const [width] = some.includes(10) ? [10] : some;
  const hold = some.includes(10) ? 0.05 : 0.15;
  goal(
    `${title}: spread, single packet / pool, N=${width}`,
    ratio(rows, 'single-packet', 'pool', width),
    `<= ${hold}`,
    v => v <= hold,
  );
  if (!some.includes(10)) return stop(first, second);
  const [mine, theirs] = ['single-packet', 'pool'].map(name => find(rows, name, 10).detected[3]);
  goal(
    `${title}: found at 1 ms, N=10 (pool ${percent(theirs)})`,
    mine,
    '>= 99 % and >= 1.5 x pool',
    v => v >= 0.99 && v >= Math.min(0.99, 1.5 * theirs),
    percent,
  );
  stop(first, second);
}

function stop(...children) {
  for (const child of children) child.stop();
}

async function freshProcesses() {
  const script = fileURLToPath(new URL('methods.mjs', import.meta.url));
  const names = ['fetch', 'pool', 'barrier', 'last-byte', 'single-packet'];
  const keys = new Map(names.map(name => [name, []]));
  await seenBy(control);
  for (let launch = 0; launch < (isFull ? 40 : 12); launch++) {
    for (const name of names) {
      const key = freshKey(name);
      const isH2 = name === 'single-packet';
      const { status } = await ended(
        spawn(process.execPath, [script, name, at(isH2 ? h2c : plain), '20', String(isH2), key]),
      );
      if (status !== 0) throw new Error(`${name} in a fresh process ended with ${status}`);
      keys.get(name).push(key);
    }
  }
  const seen = new Map((await seenBy(control)).map(burst => [burst.key, burst]));
  const rows = names.map(name =>
    rowOf(
      name,
      keys.get(name).map(key => seen.get(key)),
      20,
    ),
  );
  show('First burst of a fresh process', rows);
  goal(
    'fresh process: spread, single packet / fetch, N=20',
    ratio(rows, 'single-packet', 'fetch', 20),
    '<= 0.10',
    v => v <= 0.1,
  );
  goal(
    'fresh process: spread, last byte / fetch, N=20',
    ratio(rows, 'last-byte', 'fetch', 20),
    '<= 0.15',
    v => v <= 0.15,
  );
}

function ended(child) {
  return new Promise(resolve => child.once('exit', status => resolve({ status })));
}

async function loaded() {
  const load = Array.from({ length: 10 }, () =>
    spawn(process.execPath, ['-e', 'const end = Date.now() + 120_000; while (Date.now() < end);']),
  );
  try {
    show(
      'A loaded machine (10 busy processes)',
      await compare(PLAIN, { ...ALONG, width: 20, rounds: isFull ? 60 : 12, warm: 1 }),
    );
  } finally {
    for (const child of load) child.kill('SIGKILL');
  }
}

async function behindNginx() {
  const folder = mkdtempSync(join(tmpdir(), 'idem-check-nginx-'));
  const nginx = spawnSync('nginx', ['-v']).status === 0 ? await nginxBefore(plain, folder) : null;
  if (nginx === null) return console.log('\nnginx: not installed (apt-get install nginx)');
  try {
    const through = [
      { name: 'pool', url: at(nginx.plain) },
      { name: 'last-byte', url: at(nginx.plain) },
      { name: 'single-packet', url: at(nginx.h2, 'https') },
    ];
    show('Through nginx', await compare(through, { ...ALONG, width: 20 }));
    await jittered('Jitter in front of nginx', nginx.plain, nginx.h2, [20], 'https');
  } finally {
    nginx.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function onCluster() {
  if (spawnSync('redis-server', ['--version']).status !== 0)
    return console.log('\nredis-server: not installed (apt-get install redis-server)');
  const rows = await clusterTable(isFull ? 100 : 30);
  console.log('\nTwo worker processes on one Redis, N=10: bursts with two effects\n');
  const stores = Object.keys(rows[0].found);
  console.log(`| way | ${stores.join(' | ')} |\n|---|${stores.map(() => '---:').join('|')}|`);
  for (const { name, found } of rows) console.log(`| ${name} | ${Object.values(found).map(percent).join(' | ')} |`);
  const auto = rows.find(({ name }) => name === 'several packets');
  goal(
    'per-process mutex, packets over several sessions',
    auto.found['mutex-per-process'],
    '>= 80 %',
    v => v >= 0.8,
    percent,
  );
  const wrong = Math.max(...rows.map(({ found }) => found['set-nx']));
  goal('duplicates found on a correct SET NX', wrong, '0', value => value === 0, percent);
}
