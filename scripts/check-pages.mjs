// Writes the page of every check (docs/checks), from the built catalogue.
import { mkdirSync, writeFileSync } from 'node:fs';
import { checks } from '../build/checks/registry.js';
import { renderCheckPage } from '../build/report/check-page.js';

const folder = new URL('../docs/checks/', import.meta.url);
mkdirSync(folder, { recursive: true });
for (const check of checks) writeFileSync(new URL(`${check.id}.md`, folder), renderCheckPage(check));
