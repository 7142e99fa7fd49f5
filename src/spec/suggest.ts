import leven from 'leven';

/** The known word closest to what was written; `null` when none is close. */
export function nearest(written: string, known: readonly string[]): string | null {
  const lower = written.toLowerCase();
  const [best] = known
    .map(word => ({ word, distance: leven(lower, word.toLowerCase()) }))
    .filter(({ word, distance }) => distance <= mostBetween(lower, word.toLowerCase()))
    .toSorted((a, b) => a.distance - b.distance);
  return best?.word ?? null;
}

/** `, did you mean "read"?` when one of the known words is close to what was written, else nothing. */
export function didYouMean(written: string, known: readonly string[]): string {
  const word = nearest(written, known);
  return word === null ? '' : `, did you mean "${word}"?`;
}

/** One slip in three letters; letters that only changed places are one slip, though they count as two edits. */
function mostBetween(a: string, b: string): number {
  const isReordered = [...a].toSorted().join('') === [...b].toSorted().join('');
  return Math.max(isReordered ? 2 : 1, Math.floor(Math.max(a.length, b.length) / 3));
}
