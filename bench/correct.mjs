// Consecutive runs of the whole catalogue on the correct reference API: no fail and no warn in any of them.
// RUNS (50), MAX_WAIT (1s).
import { bench, fromEnvironment, progress } from './support.mjs';

const runs = fromEnvironment('RUNS', 50);
const maxWait = process.env.MAX_WAIT ?? '1s';
const api = await bench();
const [alarms, open, totals] = [new Map(), new Map(), new Map()];
const count = (map, key) => map.set(key, (map.get(key) ?? 0) + 1);

for (let at = 0; at < runs; at++) {
  const report = await api.run(['--max-wait', maxWait]);
  for (const { id, verdict, reason, findings } of report.results) {
    count(totals, verdict);
    if (verdict === 'fail' || verdict === 'warn') count(alarms, `${verdict} ${id} ${findings.map(f => f.code)}`);
    if (verdict === 'inconclusive') count(open, `${reason} ${id}`);
  }
  progress(`${at + 1} of ${runs}`);
}
await api.close();

progress('');
console.log(`${runs} runs on the correct API: ${[...totals].map(([verdict, n]) => `${n} ${verdict}`).join(', ')}`);
for (const [what, n] of alarms) console.log(`  FALSE ALARM in ${n} runs: ${what}`);
for (const [what, n] of open) console.log(`  open in ${n} runs: ${what}`);
process.exitCode = alarms.size === 0 ? 0 : 1;
