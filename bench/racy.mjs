// How often the check of each racy flaw finds it, by the width of its window. RUNS (50), WINDOWS (0,1,2,5,10 ms; 0 = one
// turn of the event loop), FLAWS (ids).
import { flaws } from '../build/reference/flaws/index.js';
import { bench, fromEnvironment, progress } from './support.mjs';

const RACY = ['key-stored-after-effect', 'if-match-checked-before-work', 'loser-overwrites-winner'];
const CONTENDED = ['concurrent-delete-crashes', 'concurrent-delete-undone', 'contended-key-refused'];
const runs = fromEnvironment('RUNS', 50);
const windows = (process.env.WINDOWS ?? '0,1,2,5,10').split(',').map(Number);
const wanted = (process.env.FLAWS ?? [...RACY, ...CONTENDED].join(',')).split(',');

console.log(`| flaw | ${windows.map(ms => (ms === 0 ? 'one turn' : `${ms} ms`)).join(' | ')} |`);
console.log(`|---|${windows.map(() => '---:').join('|')}|`);
let isMissed = false;
for (const id of wanted) {
  const flaw = flaws.find(one => one.id === id);
  if (flaw === undefined) throw new Error(`no flaw is called ${id}`);
  const cells = [];
  for (const windowMs of windows) {
    const api = await bench({ flaw, choices: { ...flaw.choices, workMs: 0 }, windowMs });
    let found = 0;
    for (let at = 0; at < runs; at++) {
      const { results } = await api.run(['--checks', flaw.exposes.check]);
      const codes = results.flatMap(({ findings }) => findings.map(({ code }) => code));
      if (codes.includes(flaw.exposes.code)) found += 1;
      progress(`${id} ${windowMs} ms: ${found} of ${at + 1}`);
    }
    await api.close();
    if (windowMs >= 2 && found < runs) isMissed = true;
    cells.push(`${found}/${runs}`);
  }
  progress('');
  console.log(`| ${id} | ${cells.join(' | ')} |`);
}
process.exitCode = isMissed ? 1 : 0;
