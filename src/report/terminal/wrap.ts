/** Characters two columns wide: East Asian wide and full-width forms. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;
const ASCII = /^[\x20-\x7e]*$/;

/** Columns a plain text (no colour codes) takes in a terminal. */
export function columns(text: string): number {
  if (ASCII.test(text)) return text.length;
  return graphemes(text).reduce((sum, one) => sum + columnsOf(one), 0);
}

/** The text with spaces behind it, up to so many columns. */
export function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - columns(text)));
}

/** The same, with the spaces before it. */
export function aligned(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - columns(text))) + text;
}

/** The text cut to so many columns, ending in `…` where something is missing. */
export function clipped(text: string, width: number): string {
  if (columns(text) <= width) return text;
  return `${headOf(text, width - 1)}…`;
}

/** Lines of at most `width` columns, broken at spaces. A word that is longer is broken too, unless it is a link. */
export function wrapped(text: string, width: number): readonly string[] {
  const room = Math.max(1, width);
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/ +/).flatMap(long => pieces(long, room))) {
    if (line !== '' && columns(line) + 1 + columns(word) > room) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return line === '' && lines.length > 0 ? lines : [...lines, line];
}

function pieces(word: string, room: number): readonly string[] {
  if (columns(word) <= room || /^\(?https?:\/\//.test(word)) return [word];
  const parts: string[] = [];
  for (let rest = word; rest !== '';) {
    const head = headOf(rest, room);
    parts.push(head);
    rest = rest.slice(head.length);
  }
  return parts;
}

/** The longest beginning that fits, but at least one character. */
function headOf(text: string, width: number): string {
  let head = '';
  let used = 0;
  for (const one of graphemes(text)) {
    used += columnsOf(one);
    if (used > width && head !== '') break;
    head += one;
  }
  return head;
}

function graphemes(text: string): readonly string[] {
  return Array.from(new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(text), ({ segment }) => segment);
}

function columnsOf(grapheme: string): number {
  return WIDE.test(grapheme) || grapheme.includes('\ufe0f') ? 2 : 1;
}
