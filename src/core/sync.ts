/** What a way of releasing a race is, whoever carries it out. */
interface SyncTraits {
  /** A part of each request goes ahead of the release, which a server that begins at the head gets longer to see. */
  readonly isHeld: boolean;
  /** What it does, in a line; for the flag `--sync` and the docs. */
  readonly help: string;
}

/** The ways to release requests together, best first. How each is done stands in a table of the transport's. */
export const SYNCS = {
  'single-packet': {
    isHeld: true,
    help: 'HTTP/2: all but the end of each request goes ahead, and the ends of all leave in one write',
  },
  'last-byte': {
    isHeld: true,
    help: 'HTTP/1.1: all but one byte of each request goes ahead, each on a connection of its own',
  },
  barrier: {
    isHeld: false,
    help: 'whole requests, written one right after the other',
  },
} as const satisfies Readonly<Record<string, SyncTraits>>;

/** How requests were released together. */
export type Sync = keyof typeof SYNCS;

/** How a race is to be released; `auto` = the ways that work at the target take turns. */
export type SyncChoice = Sync | 'auto';

/** The ways by name, best first. */
export const SYNC_NAMES: readonly Sync[] = Object.keys(SYNCS).filter(isSync);

/** What `--sync` can be. */
export const SYNC_CHOICES: readonly SyncChoice[] = ['auto', ...SYNC_NAMES];

/** Whole requests: what every server bears, and what ordinary clients send. */
export const WHOLE: Sync = 'barrier';

/** Whether a part of each request went ahead of the release; no outside a race. */
export function isHeld(sync: Sync | null): boolean {
  return sync !== null && SYNCS[sync].isHeld;
}

function isSync(name: string): name is Sync {
  return name in SYNCS;
}
