/**
 * Whether a JSONPath covers a path of the form `$.a[0].b`: the place itself or anything below it. Understands names,
 * `['name']`, `.*` and `..`; any index stands for every index. Filters cover nothing.
 */
export function coversPath(pattern: string, path: string): boolean {
  return expressionOf(pattern).test(path.replaceAll(/\[\d+\]/g, '[*]'));
}

function expressionOf(pattern: string): RegExp {
  const plain = pattern.replaceAll(/\[(['"])([^'"]*)\1\]/g, '.$2').replaceAll(/\[(?:\d+|\*)\]/g, '[*]');
  const parts = plain.split('..').map(part => escaped(part).replaceAll('\\.\\*', '\\.[^.[]+'));
  return new RegExp(`^${parts.join('.*\\.')}(?:$|[.[])`);
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
