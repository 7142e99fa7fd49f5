// How long and how much memory it takes to read the largest vendor document, against parsing it alone.
// npm run build && node --expose-gc bench/openapi.mjs [document]
import { existsSync, readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { loadSpec } from '../dist/spec/load.js';
import { readSource } from '../dist/spec/source.js';

const file = process.argv[2] ?? '../shared/openapi/adyen-management-v3.json';
if (!existsSync(file)) {
  console.error(`${file} is not there; name a document`);
  process.exit(2);
}
const text = readFileSync(file, 'utf8');
const ROUNDS = 5;

/** Median milliseconds and the most memory held at the end of a round, in MB. */
async function measured(work) {
  const times = [];
  const holder = { kept: null };
  let held = 0;
  await work();
  for (let round = 0; round < ROUNDS; round++) {
    globalThis.gc?.();
    const before = process.memoryUsage().heapUsed;
    const start = performance.now();
    holder.kept = await work();
    times.push(performance.now() - start);
    globalThis.gc?.();
    held = Math.max(held, process.memoryUsage().heapUsed - before);
    // Used after the measurement, so that it is held during it.
    if (holder.kept === undefined) throw new Error('nothing was read');
    holder.kept = null;
  }
  return { ms: times.toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)], mb: held / 1024 / 1024 };
}

const parsing = await measured(() => readSource(text, file));
const whole = await measured(() => loadSpec(file, { env: {}, profile: null }));
const row = (name, { ms, mb }) =>
  console.log(`${name.padEnd(24)} ${ms.toFixed(0).padStart(6)} ms ${mb.toFixed(1).padStart(7)} MB`);
console.log(`${file}, ${(text.length / 1024 / 1024).toFixed(2)} MB, median of ${ROUNDS}`);
row('parsing alone', parsing);
row('read, inferred, compiled', whole);
console.log(`ratio ${(whole.ms / parsing.ms).toFixed(2)} in time, ${(whole.mb / parsing.mb).toFixed(2)} in memory`);
