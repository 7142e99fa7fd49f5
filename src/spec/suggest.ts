import leven from 'leven';

/** `, did you mean "read"?` when one of the known words is close to what was written, else nothing. */
export function didYouMean(written: string, known: readonly string[]): string {
  const lower = written.toLowerCase();
  const [best] = known
    .map(word => ({ word, distance: leven(lower, word.toLowerCase()) }))
    .filter(({ word, distance }) => distance <= Math.max(1, Math.floor(Math.max(word.length, lower.length) / 3)))
    .toSorted((a, b) => a.distance - b.distance);
  return best === undefined ? '' : `, did you mean "${best.word}"?`;
}
