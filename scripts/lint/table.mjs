// Who may use what, as the tables of ARCHITECTURE.md say it: the one source, for the linter and for people.

/** The columns that are rules, and how a word in one is written where it is used. */
const WRITTEN = {
  imports: word => `src/${word}`,
  packages: word => word,
  node: word => `node:${word}`,
  globals: word => word,
};

/**
 * What a folder or a file of `src` may use beyond what the folders above it may.
 * @typedef {{ place: string, allows: ReadonlySet<string> }} Row
 */

/**
 * Every row of every table that begins with a folder. Throws an Error when a rule's column is in none of them, or twice says something
 * of one place: a rule that is not read must not pass for one that is kept.
 * @param {string} markdown
 * @returns {readonly Row[]}
 */
export function rowsOf(markdown) {
  const tables = markdown
    .split(/\n\s*\n/)
    .map(part => part.split('\n').map(cellsOf))
    .filter(([head]) => head?.[0] === 'folder');
  for (const column of Object.keys(WRITTEN)) {
    if (tables.filter(([head]) => head.includes(column)).length !== 1)
      throw new Error(`ARCHITECTURE.md must have one table of folders with the column "${column}"`);
  }
  return tables.flatMap(tableRows);
}

/**
 * The rows that hold for a file, the nearest first; none when no row knows it.
 * @param {readonly Row[]} rows
 * @param {string} file Its path from the root, with slashes.
 */
export function rowsFor(rows, file) {
  return rows
    .filter(({ place }) => file === place || file.startsWith(`${place}/`))
    .toSorted((one, other) => other.place.length - one.place.length);
}

function tableRows([head, , ...lines]) {
  const rows = lines.map(cells => ({
    place: cells[0],
    allows: new Set(head.flatMap((name, at) => wordsOf(name, cells[at]))),
  }));
  const places = rows.map(({ place }) => place);
  const twice = places.find((place, at) => places.indexOf(place) !== at);
  if (twice !== undefined) throw new Error(`ARCHITECTURE.md has two rows for ${twice} in one table`);
  return rows;
}

function cellsOf(line) {
  const [, ...cells] = line.split('|').map(cell => cell.replaceAll('`', '').trim());
  return cells.slice(0, -1);
}

/** The words of a cell; what stands in brackets is for the reader. */
function wordsOf(column, cell = '') {
  const write = WRITTEN[column];
  if (write === undefined) return [];
  return cell
    .replaceAll(/\(.*?\)/g, '')
    .split(/\s+/)
    .filter(word => word !== '' && word !== '-')
    .map(write);
}
