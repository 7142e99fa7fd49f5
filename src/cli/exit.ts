/** Exit codes; never a count. */
export const EXIT = { ok: 0, findings: 1, usage: 2, nothingConclusive: 3, interrupted: 130 } as const;
