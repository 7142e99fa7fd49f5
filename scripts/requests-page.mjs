// What each check costs on an operation: docs/requests.md, from the plan of the reference API. Sends nothing.
// With --check it writes nothing, and ends with 1 when the page says something else.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checks } from '../build/checks/registry.js';
import { specText } from '../build/reference/spec-text.js';

const COMMAND = fileURLToPath(new URL('../bin/idem-check.js', import.meta.url));

const PAGE = new URL('../docs/requests.md', import.meta.url);

/** The plan of the reference API that tells tenants apart. */
function planned() {
  const folder = mkdtempSync(join(tmpdir(), 'idem-check-requests-'));
  const spec = join(folder, 'idem-check.yaml');
  try {
    writeFileSync(spec, specText([{ prefix: '', suffix: '', flaw: null, choices: { callers: 'tenants' } }]));
    const argv = [COMMAND, 'plan', spec, '--json', '--url', 'http://127.0.0.1:1'];
    return JSON.parse(execFileSync(process.execPath, argv, { encoding: 'utf8', maxBuffer: 1 << 26 }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function pageOf(view) {
  const costs = new Map();
  for (const { checks: own } of view.operations) {
    for (const { check, applies, requests } of own) {
      if (applies) costs.set(check, [...(costs.get(check) ?? []), requests]);
    }
  }
  const rows = checks
    .filter(({ group }) => group !== 'docs')
    .flatMap(({ id, variants }) => variants.map(variant => (variant === null ? id : `${id}:${variant}`)))
    .flatMap(name => {
      const own = costs.get(name);
      if (own === undefined) return [];
      const [least, most] = [Math.min(...own), Math.max(...own)];
      return [`| ${name} | ${least === most ? least : `${least} to ${most}`} | ${own.length} |`];
    });
  return `# What a check costs

Requests of each check on one operation of the reference API, with the usual flags (five rounds, up to ten at once, waits of up
to 10 s), as \`idem-check plan --json\` foresees them; a finding ends a race early or adds a second try. All of them together:
about ${view.requests} requests on ${view.operations.length} operations, each with a preflight. \`--rounds\`, \`--concurrency\`, \`--checks\` and \`--max-requests\`
make a run smaller.

| check | requests | operations |
|---|--:|--:|
${rows.join('\n')}
`;
}

const page = pageOf(planned());
if (!process.argv.includes('--check')) writeFileSync(PAGE, page);
else if (readFileSync(PAGE, 'utf8') !== page) {
  console.error('docs/requests.md is out of date: npm run docs');
  process.exitCode = 1;
}
