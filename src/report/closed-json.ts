const TOKEN = /"[^"\\]*(?:\\[^][^"\\]*)*"|[{}[\],]|[^\s{}[\]:,"]+|"/g;

/** JSON text that was cut off, shortened to its last complete value and closed, so that it can be parsed. */
export function closedJson(text: string): string {
  const open: string[] = [];
  let end = 0;
  let closers = '';
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    if (token === '{' || token === '[') open.push(token === '{' ? '}' : ']');
    else if (token === '}' || token === ']') open.pop();
    else if (token !== ',') continue;
    end = token === ',' ? index : index + 1;
    closers = open.toReversed().join('');
  }
  return text.slice(0, end) + closers;
}
