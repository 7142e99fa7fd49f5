// How long a run with late retries takes, as a part of --max-wait: the waits of many operations go by side by side.
// OPERATIONS (20), MAX_WAITS (8s,70s).
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from '../build/cli/program.js';
import { startReference } from '../build/reference/serve.js';
import { specText } from '../build/reference/spec-text.js';
import { fromEnvironment } from './support.mjs';

const operations = fromEnvironment('OPERATIONS', 20);
const waits = (process.env.MAX_WAITS ?? '8s,70s').split(',');
const apis = Array.from({ length: operations }, (_, at) => ({
  prefix: `/api-${at + 1}`,
  suffix: `-${at + 1}`,
  flaw: null,
  choices: {},
  resources: ['order'],
}));
const folder = mkdtempSync(join(tmpdir(), 'idem-check-bench-'));
const spec = join(folder, 'spec.yaml');
writeFileSync(spec, specText(apis));
const reference = await startReference({ mounts: apis });
const silent = { out: () => {}, err: () => {}, env: {}, cwd: folder, isTty: false, columns: 100, depth: 0 };

for (const wait of waits) {
  const file = join(folder, 'report.json');
  const flags = ['--checks', 'key-ttl-honoured', '--max-wait', wait, '-q', '--report-json-path', file];
  const beganMs = performance.now();
  await runCli(['run', spec, '--url', reference.url, ...flags], { ...silent, signal: new AbortController().signal });
  const seconds = (performance.now() - beganMs) / 1000;
  const { results, exchanges } = JSON.parse(readFileSync(file, 'utf8'));
  const own = results.filter(({ variant, verdict }) => variant === null && verdict !== 'not-applicable');
  const ages = exchanges.filter(({ step }) => step === 'replay').length / own.length;
  const ratio = (seconds / Number.parseFloat(wait)).toFixed(2);
  console.log(
    `${own.length} operations, ${ages} ages each, --max-wait ${wait}: ${seconds.toFixed(1)} s, ${ratio} times the wait`,
  );
}
await reference.close();
rmSync(folder, { recursive: true, force: true });
