import { expect, it } from 'vitest';
import { CANNED_CHECKS, checkMeta } from '../../fixtures/reports/canned-checks.js';
import { checks } from '../../src/checks/registry.js';
import { renderExplain, renderList } from '../../src/report/catalogue.js';
import { renderCheckPage } from '../../src/report/check-page.js';
import { columns } from '../../src/report/terminal/wrap.js';

it('lists every check once, in its group', () => {
  const lines = renderList(CANNED_CHECKS).split('\n');
  for (const { id } of CANNED_CHECKS) expect(lines.filter(line => line.trim().split(' ')[0] === id)).toHaveLength(1);
  expect(lines.filter(line => /^\w/.test(line))).toEqual([
    'keys',
    'duplicates',
    'lifetime',
    'put',
    'conditional',
    'delete',
    'safe',
  ]);
});

it.each([60, 80, 200])('fits %i columns', width => {
  const texts = [renderList(checks, { width }), ...checks.map(check => renderExplain(check, { width }))];
  const lines = texts.flatMap(text => text.split('\n')).filter(line => !line.includes('https://'));
  expect(lines.filter(line => columns(line) > width)).toEqual([]);
});

it('explains all that a check says of itself', () => {
  for (const check of checks) {
    const text = renderExplain(check, { width: 200 }).replaceAll(/\s+/g, ' ');
    const said = [
      check.sends,
      check.judges,
      check.expected,
      check.why,
      check.fix,
      ...check.guards,
      ...check.refs,
      ...Object.keys(check.messages),
      ...Object.keys(check.notes),
    ];
    for (const one of said) expect(text).toContain(one.replaceAll(/\s+/g, ' '));
  }
});

it('makes a page of a check', () => {
  const page = renderCheckPage(
    checkMeta('delete-repeat', {
      group: 'delete',
      variants: [null, 'never-existed'],
      messages: { odd: 'Answered with {status} | <b>.' },
      judges: 'Uses `<id>` and *stars*.',
    }),
  );
  expect(page).toMatch(/^# delete-repeat\n\nThe claim of delete-repeat\.\n/);
  expect(page).toContain('- `delete-repeat:never-existed`');
  expect(page).toContain('| `odd` | Answered with {status} \\| &lt;b>. |');
  expect(page).toContain('Uses `<id>` and \\*stars\\*.');
  expect(page).not.toContain('What it can note');
  expect(page.endsWith('\n')).toBe(true);
});
