import { outgoing } from '../../core/arrange.js';
import { isSuccess, statusOf } from '../../core/http.js';
import type { Listing, Resource } from '../../core/resource.js';
import { MARKER_PREFIX, withValues } from '../../core/scope.js';
import type { Counted } from '../../core/step.js';
import { idsIn } from '../identity.js';
import { ask, uncounted, type Count, type Oracle, type OracleAnswer, type OracleStep } from '../oracle.js';
import { isRecordOf, nameOf, parsed, shownIdOf } from './answer.js';
import { ownItems, type MarkerIs } from './own.js';
import { readList } from './pages.js';

/**
 * Counts records in a list: those that carry the scope's marker or its client-chosen id; where the records show
 * neither, those that were not there at the reading it counts from.
 * A count stands for a whole list alone: every page of it was read, and every record known to exist is in it. Of one
 * that is not, two records are still two.
 */
export function listOracle(listing: Listing, marker: MarkerIs = 'unknown'): Oracle {
  const kind = listing.filtered ? 'filter' : 'list';
  return {
    kind,
    *read(counted) {
      const { items, trouble, isUnread } = yield* readList(listing, counted);
      if (isUnread) return uncounted(kind, trouble ?? '');
      const known = idsIn(counted);
      const own = ownItems(items, counted, known, marker);
      if (own === null) {
        const why = counted.operation.marked ? 'the list shows no marker, and ' : '';
        return uncounted(kind, `${why}the reading to count from did not come about`);
      }
      const absent = yield* absentOf(counted, known, { items, own: own.items });
      const hidden = listing.filtered || absent.trouble !== null ? null : yield* hiddenOf(counted, items);
      const ids = own.items.map(item => nameOf(item, counted.resource));
      const listed = counted.seen.length > 0 ? {} : { listed: items.map(item => nameOf(item, counted.resource)) };
      const shown: Count = {
        kind,
        ids,
        value: null,
        count: own.items.length,
        trouble: null,
        ...listed,
        ...(own.omitsMarker ? { omitsMarker: true } : {}),
      };
      const lacking = absent.trouble ?? hidden;
      if (trouble === null && lacking === null) return shown;
      const proven = own.items.length + absent.there.length;
      const lacks = trouble === null ? 'records' : 'pages';
      return { ...shown, count: proven >= 2 ? proven : null, trouble: trouble ?? lacking, lacks };
    },
  };
}

/** Known records that the list does not show. */
interface Absent {
  /** Those that are there all the same. */
  readonly there: readonly string[];
  /** Why the list is not whole; `null` = what it does not show is not there. */
  readonly trouble: string | null;
}

/** Reads the records that a list should show and does not; what was listed before is no matter of this count. */
function* absentOf(
  counted: Counted,
  known: readonly string[],
  { items, own }: { readonly items: readonly unknown[]; readonly own: readonly unknown[] },
): Generator<OracleStep, Absent, OracleAnswer> {
  const { resource, since } = counted;
  const isShown = (id: string) => items.some(item => isRecordOf(item, id, resource));
  const isNameless = own.length >= known.length && own.every(item => shownIdOf(item, resource) === null);
  const absent = isNameless ? [] : known.filter(id => !isShown(id) && since?.listed?.includes(id) !== true);
  const there: string[] = [];
  let trouble: string | null = null;
  for (const id of absent) {
    const state = yield* stateOf(id, counted);
    if (state === 'gone' || state === 'taken') continue;
    if (state === 'there') there.push(id);
    trouble ??=
      state === 'there' || state === 'unknown'
        ? `the list does not show ${id}, which an answer named: it is not whole, or late`
        : `the list does not show ${id}, and its read was answered with ${state}`;
  }
  return { there, trouble };
}

/** Why a list is not whole: it leaves out one that stands, as its read shows; `null` = it leaves out none. */
function* hiddenOf(counted: Counted, items: readonly unknown[]): Generator<OracleStep, string | null, OracleAnswer> {
  const { resource, standing = [] } = counted;
  const absent = standing.filter(id => !items.some(item => isRecordOf(item, id, resource)));
  for (const id of absent) {
    const state = yield* stateOf(id, counted);
    if (['there', 'taken', 'unknown'].includes(state)) {
      return `the list does not show ${id}, which it showed before and which is there still: it is not whole`;
    }
  }
  return null;
}

/**
 * Whether a record that an answer named is `there`, `gone`, or `taken`, being that of another request now; `unknown`
 * without a read, else what its read came to.
 */
function* stateOf(id: string, { operation, resource, scope }: Counted): Generator<OracleStep, string, OracleAnswer> {
  if (resource.read === null) return 'unknown';
  const exchange = yield* ask(outgoing(resource.read, withValues(scope, { id })));
  if (isSuccess(exchange)) {
    const { body } = exchange.response;
    if (isMarkedGone(resource, body)) return 'gone';
    return operation.marked && isTaken(body, scope.marker) ? 'taken' : 'there';
  }
  const status = statusOf(exchange);
  const statuses = resource.gone.kind === 'status' ? resource.gone.statuses : [404, 410];
  return status !== null && [404, 410, ...statuses].includes(status) ? 'gone' : String(status ?? exchange.lost);
}

/** What the marker of any scope begins with. */
const MARKER = new RegExp(`\\b${MARKER_PREFIX}[0-9a-f]{8}`);

/** Whether a record carries the marker of another request, and not this one. */
function isTaken(body: string, marker: string): boolean {
  return !body.includes(marker) && MARKER.test(body);
}

function isMarkedGone({ gone }: Resource, body: string): boolean {
  return gone.kind === 'value' && gone.value.in(parsed(body))[0] === gone.equals;
}
