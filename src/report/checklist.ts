import type { CheckMeta, Group } from '../core/check.js';
import type { ChecklistVerdict, Report } from '../core/report.js';
import type { VerdictName } from '../core/verdict.js';

/** What the checklist looks at in a result. */
export interface Listed {
  readonly check: string;
  readonly verdict: VerdictName;
  readonly waived: object | null;
}

interface Line {
  readonly item: string;
  readonly groups: readonly Group[];
  /**
   * Whether a check speaks for the line: only such a one can make it pass. The others of its groups can only spoil it,
   * so that a PUT that may be repeated does not pass for a PUT with versions, and no finding stands outside the list.
   */
  readonly isLead: (check: string, group: Group) => boolean;
}

const LINES: readonly Line[] = [
  {
    item: 'POST takes an idempotency key',
    groups: ['keys', 'duplicates', 'scope'],
    isLead: check => check.startsWith('key-replay-') || check === 'key-concurrent-single-effect',
  },
  { item: 'Keys live as long as the business needs', groups: ['lifetime'], isLead: () => true },
  {
    item: 'PUT and PATCH use ETag and If-Match',
    groups: ['conditional', 'patch', 'put'],
    isLead: (check, group) => group === 'conditional' && check !== 'if-none-match-star',
  },
  {
    item: 'DELETE handles "already gone"',
    groups: ['delete'],
    isLead: check => check === 'delete-repeat' || check === 'delete-concurrent',
  },
  { item: 'Safe methods have no effect', groups: ['safe'], isLead: check => check === 'safe-no-effect' },
  { item: 'The documentation says all this', groups: ['docs'], isLead: () => true },
];

/** The six lines a run ends with, each rolled up from its checks. A waived failure shows as a warning here. */
export function checklistOf(results: readonly Listed[], checks: readonly CheckMeta[]): Report['checklist'] {
  const groups = new Map(checks.map(({ id, group }) => [id, group]));
  return LINES.map(({ item, groups: own, isLead }) => {
    const mine = results.flatMap(result => {
      const group = groups.get(result.check);
      if (group === undefined || !own.includes(group)) return [];
      return [{ check: result.check, verdict: spoken(result), lead: isLead(result.check, group) }];
    });
    return { item, verdict: rollUp(mine), checks: [...new Set(mine.map(({ check }) => check))] };
  });
}

function spoken({ verdict, waived }: Listed): VerdictName {
  return waived !== null && verdict === 'fail' ? 'warn' : verdict;
}

/** The worst that was seen; a pass only where a check that speaks for the line passed and nothing was left open. */
function rollUp(results: readonly { readonly verdict: VerdictName; readonly lead: boolean }[]): ChecklistVerdict {
  const worst = (['fail', 'warn', 'inconclusive'] as const).find(name =>
    results.some(({ verdict }) => verdict === name),
  );
  if (worst !== undefined) return worst;
  if (results.some(({ verdict, lead }) => lead && verdict === 'pass')) return 'pass';
  return results.length === 0 ? 'not-checked' : 'not-applicable';
}
