/** `orders` -> `order`, `categories` -> `category`, `boxes` -> `box`; a word that is no plural stays as it is. */
export function singular(word: string): string {
  if (/[^aeiou]ies$/i.test(word)) return word.replace(/ies$/i, 'y');
  if (/(ch|sh|x|ss|zz)es$/i.test(word)) return word.replace(/es$/i, '');
  return /[^siu]s$/i.test(word) ? word.slice(0, -1) : word;
}

/** A path segment as the name of a resource. */
export function resourceName(segment: string): string {
  const name = singular(segment)
    .replaceAll(/[^\p{L}\p{N}_-]+/gu, '-')
    .replaceAll(/^-+|-+$/g, '');
  return /^[\p{L}_]/u.test(name) ? name : `r${name}`;
}

/** The name itself when it is free, else with what makes it so. */
export function freeName(name: string, outer: string | null, taken: ReadonlySet<string>): string {
  const candidates = [name, ...(outer === null ? [] : [`${outer}-${name}`])];
  const free = candidates.find(one => !taken.has(one));
  if (free !== undefined) return free;
  const base = candidates.at(-1) ?? name;
  for (let n = 2; ; n += 1) if (!taken.has(`${base}-${n}`)) return `${base}-${n}`;
}
