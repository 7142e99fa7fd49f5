import { CONTRACT_DRIFT } from './contract/drift-check.js';

/** The page of a check. */
export function docsOf(check: string): string {
  const page = check === CONTRACT_DRIFT.id ? 'contract' : `checks/${check}`;
  return `https://github.com/idem-check/idem-check/blob/main/docs/${page}.md`;
}
