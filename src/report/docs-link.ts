/** The page of a check. */
export function docsOf(check: string): string {
  return `https://github.com/idem-check/idem-check/blob/main/docs/checks/${check}.md`;
}
