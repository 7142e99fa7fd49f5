// Memory of a run with at least 10,000 exchanges, against a run with a few hundred. EXCHANGES (10000).
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { bench, fromEnvironment } from './support.mjs';

if (process.argv[2] === 'child') {
  const api = await bench({ choices: { workMs: 1 } });
  const { exchanges } = await api.run([
    '--checks=key-concurrent-single-effect',
    '--include-path=/orders',
    `--rounds=${process.argv[3]}`,
  ]);
  await api.close();
  console.log(JSON.stringify({ exchanges: exchanges.length, peakKb: process.resourceUsage().maxRSS }));
} else {
  const self = fileURLToPath(import.meta.url);
  const measure = rounds => {
    const { stdout, status } = spawnSync(process.execPath, [self, 'child', String(rounds)], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`the run of ${rounds} rounds ended with ${status}`);
    return JSON.parse(stdout);
  };
  const least = fromEnvironment('EXCHANGES', 10_000);
  const few = measure(10);
  const many = measure(Math.ceil((least / few.exchanges) * 10 * 1.2));
  const perExchange = ((many.peakKb - few.peakKb) / (many.exchanges - few.exchanges)).toFixed(1);
  for (const { exchanges, peakKb } of [few, many])
    console.log(`${exchanges} exchanges: ${Math.round(peakKb / 1024)} MB`);
  console.log(`${perExchange} kB an exchange (client, server and report in one process)`);
  process.exitCode = many.exchanges >= least ? 0 : 1;
}
