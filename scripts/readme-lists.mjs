// Writes the lists of the README that come from the code: the formats of a report.
import { readFileSync, writeFileSync } from 'node:fs';
import { reportersTable } from '../build/report/reporters.js';

const README = new URL('../README.md', import.meta.url);
const LIST = /(<!-- reports: npm run docs -->\n)[^]*?(\n<!-- \/reports -->)/;

const text = readFileSync(README, 'utf8');
if (!LIST.test(text)) throw new Error('README.md has no place for the list of reports');
writeFileSync(
  README,
  text.replace(LIST, (_, before, after) => `${before}\n${reportersTable()}\n${after}`),
);
