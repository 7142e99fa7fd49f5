/** Where a bug of the tool is told. */
const ISSUES = 'https://github.com/idem-check/idem-check/issues';

/** What is said of bugs of the tool itself; secrets are masked before. */
export function bugText(errors: readonly string[]): string {
  const described = [...new Set(errors)].join('\n');
  return `This is a bug of idem-check:\n${described}\nPlease report it, with the lines above: ${ISSUES}\n`;
}
