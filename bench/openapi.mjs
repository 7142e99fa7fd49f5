// How long and how much memory it takes to read the largest vendor document, against parsing it alone.
// npm run build && node bench/openapi.mjs [document]
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';

const ROUNDS = 5;
const [file = '../shared/openapi/adyen-management-v3.json', kind] = process.argv.slice(2);

const WORK = {
  'loading the modules': () => Promise.resolve(),
  'parsing alone': async () => {
    const { readSource } = await import('../build/spec/source.js');
    return () => readSource(readFileSync(file, 'utf8'), file);
  },
  'read, inferred, compiled': async () => {
    const { loadSpec } = await import('../build/spec/load.js');
    return () => loadSpec(file, { env: {}, profile: null });
  },
};

/** In a process of its own: median milliseconds of some rounds, and the most memory the process ever had, in MB. */
async function measure(name) {
  const work = await WORK[name]();
  if (work === undefined) await import('../build/spec/load.js');
  const times = [];
  for (let round = 0; work !== undefined && round < ROUNDS; round++) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  const ms = times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
  console.log(JSON.stringify({ ms, mb: process.resourceUsage().maxRSS / 1024 }));
}

function compare() {
  if (!existsSync(file)) {
    console.error(`${file} is not there; name a document`);
    process.exit(2);
  }
  const self = fileURLToPath(import.meta.url);
  const found = Object.keys(WORK).map(name => {
    const { ms, mb } = JSON.parse(execFileSync(process.execPath, [self, file, name], { encoding: 'utf8' }));
    console.log(`${name.padEnd(26)} ${ms.toFixed(0).padStart(6)} ms ${mb.toFixed(0).padStart(6)} MB at most`);
    return { ms, mb };
  });
  const [base, parsing, whole] = found;
  const memory = (whole.mb - base.mb) / (parsing.mb - base.mb);
  console.log(`ratio ${(whole.ms / parsing.ms).toFixed(2)} in time, ${memory.toFixed(2)} in memory beyond the modules`);
}

if (kind === undefined) compare();
else await measure(kind);
