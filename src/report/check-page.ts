import type { CheckMeta } from '../core/check.js';
import { asSentence } from './sentence.js';

/** The page of a check, `docs/checks/<id>.md`: made of what the check says of itself. */
export function renderCheckPage(check: CheckMeta): string {
  const { messages, notes, variants } = check;
  const names = variants.filter(variant => variant !== null);
  const parts = [
    `# ${check.id}`,
    text(asSentence(check.title)),
    `| group | severity | basis |\n| --- | --- | --- |\n| ${check.group} | ${check.severity} | ${check.basis} |`,
    section('What it sends', text(check.sends)),
    ...(names.length === 0 ? [] : [section('Variants', list(names.map(name => `\`${check.id}:${name}\``)))]),
    section('How it judges', text(check.judges)),
    section('What must hold', text(check.expected)),
    section('Why it matters', text(check.why)),
    section('How to fix it', text(check.fix)),
    section('What keeps it from crying wolf', list(check.guards.map(text))),
    section('What it can find', codes(messages)),
    ...(Object.keys(notes).length === 0 ? [] : [section('What it can note', codes(notes))]),
    section('Sources', list(check.refs.map(text))),
  ];
  return `${parts.join('\n\n')}\n`;
}

function section(title: string, body: string): string {
  return `## ${title}\n\n${body}`;
}

function list(items: readonly string[]): string {
  return items.map(item => `- ${item}`).join('\n');
}

function codes(sentences: Readonly<Record<string, string>>): string {
  const rows = Object.entries(sentences).map(
    ([code, sentence]) => `| \`${code}\` | ${text(sentence).replaceAll('|', '\\|')} |`,
  );
  return ['| code | sentence |', '| --- | --- |', ...rows].join('\n');
}

/** Prose as Markdown: code spans stay, what would be taken for a tag does not. */
function text(prose: string): string {
  return prose
    .split(/(`[^`]*`)/)
    .map(part => (part.startsWith('`') ? part : part.replaceAll('<', '&lt;').replaceAll('*', '\\*')))
    .join('');
}
