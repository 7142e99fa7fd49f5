/** Counts how often each name came up: the first time is 1. */
export function createTurns(): { readonly next: (name: string) => number } {
  const turns = new Map<string, number>();
  return {
    next: name => {
      const turn = (turns.get(name) ?? 0) + 1;
      turns.set(name, turn);
      return turn;
    },
  };
}
