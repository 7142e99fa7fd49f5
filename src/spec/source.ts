import {
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type Document,
  type Node,
} from 'yaml';
import { SpecError, type Location, type Mistake } from '../core/errors.js';

/** Members and indexes from the root of a document to a place in it. */
export type Path = readonly (string | number)[];

/** A YAML or JSON text that could be parsed, with the place of everything in it. */
export interface Source {
  readonly file: string;
  /** The document as plain data: aliases followed, no merge keys. */
  readonly value: unknown;
  /** Where a place is written: a member's key with `at: 'key'`, else its value. The nearest place above when it is absent. */
  readonly locate: (path: Path, at?: 'key' | 'value') => Location;
}

/** Nodes that aliases may add to a document, and how deep it may go. */
const MOST_REPEATED = 100_000;
const DEEPEST = 200;

/**
 * Parses YAML 1.2 or JSON. Throws SpecError with every syntax error, duplicate key, unknown tag and dangling alias at
 * its place, and for a text that is empty or grows beyond all measure by aliases.
 */
export function readSource(text: string, file: string): Source {
  const lines = new LineCounter();
  const document = parse(text, file, lines);
  const at = (offset: number): Location => placeAt(lines, file, offset);
  const mistakes = syntaxMistakes(document, text, at);
  if (mistakes.length > 0) throw new SpecError(mistakes);
  if (document.contents === null) {
    throw new SpecError([{ location: at(0), path: '', text: 'the file is empty' }]);
  }
  const value = plain(document, at);
  return { file, value, locate: (path, side = 'value') => at(offsetOf(document, path, side)) };
}

function parse(text: string, file: string, lineCounter: LineCounter): Document.Parsed {
  try {
    return parseDocument(text, { lineCounter, uniqueKeys: true, merge: false, prettyErrors: false, version: '1.2' });
  } catch {
    // The parser recurses: a text nested thousands of levels deep ends its stack.
    throw new SpecError([
      { location: { file, line: 1, column: 1 }, path: '', text: 'is nested too deeply to be read' },
    ]);
  }
}

const SYNTAX: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: 'this key is written twice in the same place',
  MULTIPLE_DOCS: 'holds more than one document; keep the first and remove what follows "---"',
  TAB_AS_INDENT: 'a tab indents this line; YAML wants spaces',
  BAD_INDENT: 'the indentation of this line does not fit the lines around it',
  MISSING_CHAR: 'a quote or bracket is not closed here, or a ":" or "," is missing',
  TAG_RESOLVE_FAILED: 'carries a tag ("!...") that is not known here; remove it',
  BAD_ALIAS: 'refers to an anchor ("&name") that is not there, or not yet',
};

/** Codes whose own message adds nothing for the reader. */
const TERSE = ['DUPLICATE_KEY', 'MULTIPLE_DOCS', 'TAB_AS_INDENT'];

/**
 * The syntax errors at their places, up to the first at which the parser lost its way: what it says from there on comes
 * of that one. Of several at one place the first that says what is open.
 */
function syntaxMistakes(
  document: Document.Parsed,
  source: string,
  at: (offset: number) => Location,
): readonly Mistake[] {
  const problems = [...document.errors, ...document.warnings];
  const sorted = problems.toSorted((a, b) => Number(b.code === 'MISSING_CHAR') - Number(a.code === 'MISSING_CHAR'));
  const first = new Map(sorted.toReversed().map(problem => [problem.pos[0], problem]));
  const ordered = [...first.values()].toSorted((a, b) => a.pos[0] - b.pos[0]);
  const lost = ordered.findIndex(({ code }) => SYNTAX[code] === undefined);
  return ordered.slice(0, lost < 0 ? ordered.length : lost + 1).map(({ code, message, pos }): Mistake => {
    const opened = code === 'MISSING_CHAR' ? openedBefore(document, pos[0]) : null;
    if (opened !== null)
      return { location: at(opened.offset), path: '', text: `the ${opened.what} opened here is not closed` };
    return { location: at(pos[0]), path: '', text: unquoted(source, pos[0]) ?? syntaxText(code, message) };
  });
}

/** What to write where the template of a request stands in braces without quotes, as in `{ request: PUT /orders/{id} }`. */
function unquoted(source: string, offset: number): string | null {
  if (source[offset] !== '{') return null;
  const before = /[A-Z]+ +\/[^\s,{}]*$/.exec(source.slice(0, offset))?.[0];
  const after = /^[^\s,}]*\}[^\s,}]*/.exec(source.slice(offset))?.[0];
  if (before === undefined || after === undefined) return null;
  return `a "{" begins a map here; write the request in quotes: "${before}${after}"`;
}

function syntaxText(code: string, message: string): string {
  const plainText = SYNTAX[code];
  const detail = message.split('\n')[0]?.replace(/:$/, '') ?? '';
  if (plainText === undefined) return `is not valid YAML: ${detail}`;
  return TERSE.includes(code) ? plainText : `${plainText} (${detail})`;
}

/** The innermost quote, bracket or brace that reaches up to where something is missing. */
function openedBefore(
  document: Document.Parsed,
  end: number,
): { readonly offset: number; readonly what: string } | null {
  let found: { readonly offset: number; readonly what: string } | null = null;
  visit(document, (_, node) => {
    if (!isNode(node) || node.range === undefined || node.range === null || node.range[1] < end) return;
    const [offset] = node.range;
    if (isScalar(node) && (node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE'))
      found = { offset, what: 'quote' };
    if (isMap(node) && node.flow === true) found = { offset, what: '"{"' };
    if (isSeq(node) && node.flow === true) found = { offset, what: '"["' };
  });
  return found;
}

function placeAt(lines: LineCounter, file: string, offset: number): Location {
  const { line, col } = lines.linePos(offset);
  return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
}

/** The document as plain data. Written out here and not left to the parser, so that aliases cannot explode or loop. */
function plain(document: Document.Parsed, at: (offset: number) => Location): unknown {
  let repeated = 0;
  const open = new Set<Node>();
  const refuse = (node: Node, text: string) => new SpecError([{ location: at(node.range?.[0] ?? 0), path: '', text }]);
  const convert = (node: unknown, depth: number, root: Node, isRepeated: boolean): unknown => {
    if (isRepeated) repeated += 1;
    if (repeated > MOST_REPEATED)
      throw refuse(root, 'grows beyond all measure once its aliases ("*name") are followed');
    if (depth > DEEPEST) throw refuse(root, `is nested more than ${DEEPEST} levels deep`);
    if (isAlias(node)) {
      const target = node.resolve(document);
      if (target === undefined) throw refuse(node, `refers to an anchor "${node.source}" that is not there`);
      if (open.has(target)) throw refuse(node, `"*${node.source}" stands inside of what it refers to`);
      open.add(target);
      const value = convert(target, depth + 1, node, true);
      open.delete(target);
      return value;
    }
    if (isMap(node)) {
      const members = node.items.map((pair): [string, unknown] => [
        keyText(pair.key),
        convert(pair.value, depth + 1, isNode(pair.key) && !isRepeated ? pair.key : root, isRepeated),
      ]);
      return Object.fromEntries(members);
    }
    if (isSeq(node)) return node.items.map(item => convert(item, depth + 1, root, isRepeated));
    return isScalar(node) ? node.value : null;
  };
  const root = document.contents ?? document.createNode(null);
  return convert(root, 0, root, false);
}

function isNode(value: unknown): value is Node {
  return isScalar(value) || isMap(value) || isSeq(value) || isAlias(value);
}

function keyText(key: unknown): string {
  const value = isScalar(key) ? key.value : key;
  return value === null ? '' : String(value);
}

function offsetOf(document: Document.Parsed, path: Path, side: 'key' | 'value'): number {
  let node: unknown = document.contents;
  let offset = document.contents?.range?.[0] ?? 0;
  for (const [depth, step] of path.entries()) {
    const holder = isAlias(node) ? node.resolve(document) : node;
    const isLast = depth === path.length - 1;
    if (isMap(holder)) {
      const pair = holder.items.find(item => isPair(item) && keyText(item.key) === String(step));
      if (pair === undefined) return offset;
      const wanted = isLast && side === 'key' ? pair.key : (pair.value ?? pair.key);
      offset = startOf(wanted) ?? startOf(pair.key) ?? offset;
      node = pair.value;
    } else if (isSeq(holder)) {
      const item = holder.items[Number(step)];
      if (item === undefined) return offset;
      offset = startOf(item) ?? offset;
      node = item;
    } else {
      return offset;
    }
  }
  return offset;
}

function startOf(node: unknown): number | null {
  return isNode(node) ? (node.range?.[0] ?? null) : null;
}
