import { skip, type Observed, type Subject } from '../../core/check.js';
import { defineDocumentCheck } from '../../core/document-check.js';
import type { Page } from '../../core/operation.js';
import { fail, findings, pass, warn } from '../../core/verdict.js';
import { NO_PAGE, pageOf } from '../lib/judging/documents.js';

/** Words that change something wherever they stand. */
const CHANGES =
  'cancel|delete|remove|destroy|send|resend|approve|reject|activate|deactivate|enable|disable|reset|run|trigger|logout|create|add|update|set|save|pay|refund|capture|revoke|close|start|stop|restart|purge|clear|unsubscribe|subscribe|register|publish|archive|restore|enqueue|execute|submit|confirm|unlock|lock|rotate|regenerate|increment|mark';

/** Words of those that are as often nouns or questions: an operationId or a summary that begins with them means the verb. */
const AMBIGUOUS = /^(set|run|close|start|stop|register|archive|lock|mark|capture|refund|pay|add|clear|send|execute)$/i;

const VERB = new RegExp(`^(${CHANGES})$`, 'i');
const BEGINS = new RegExp(`^(${CHANGES})s?(?=[A-Z_\\-\\s]|$)`);

/** Sentences that begin with a verb and still only read: "Set of ...", "Run details", "Start page". */
const READS = /\b(status|state|history|list|details?|results?|log|logs|settings?|info|page|of|for|report)\b/i;

export const docSafeMethods = defineDocumentCheck({
  id: 'doc-safe-methods',
  title: 'What is documented under GET reads like a read',
  severity: 'medium',
  basis: 'must',
  refs: ['RFC 9110 section 9.2.1'],
  judges:
    'Warns when a GET, HEAD or OPTIONS ends in a verb that changes something (`/orders/{id}/cancel`), when its operationId or summary begins with one, and when it has a request body. In a run, fails together with safe-no-effect when the GET was found to have an effect.',
  expected: 'GET, HEAD and OPTIONS read, by their names as by what they do.',
  why: 'Whatever is under GET is prefetched, crawled, cached and repeated without asking.',
  fix: 'Make it a POST. Where it only reads, give it a name that says so (`/cancellation` for the record of one).',
  guards: [
    'Nouns that look like verbs (search, export, download, verify, process, archive ...) are left alone in paths.',
    'A summary that speaks of a status, a history, a list or details is a read.',
    'That it has an effect is taken from safe-no-effect, with its proof.',
  ],
  messages: {
    'verb-in-path': 'The path ends in "{word}", which changes something.',
    'verb-in-name': 'Its {where} begins with "{word}", which changes something.',
    'body-on-read': 'It is documented with a request body, which has no meaning on {method} and is dropped on the way.',
    'has-effect': 'It is documented as a read, and has an effect ({code}).',
  },

  select(subject) {
    const page = pageOf(subject);
    const { operation } = subject;
    if (page === null) return skip(NO_PAGE);
    if (!['GET', 'HEAD', 'OPTIONS'].includes(operation.method)) return skip('not a safe method');
    return { page, operation };
  },

  judge({ page, operation }, observed) {
    const at = operation.location === null ? {} : { at: operation.location };
    const word = verbInPath(operation.path);
    const named = verbInName(page, operation);
    return (
      findings([
        effect(observed, at),
        word !== null && warn('verb-in-path', { word }, [], at),
        word === null && named !== null && warn('verb-in-name', named, [], at),
        page.hasBody && warn('body-on-read', { method: operation.method }, [], at),
      ]) ?? pass()
    );
  },
});

function verbInPath(path: string): string | null {
  const last = path.split('/').findLast(segment => segment !== '') ?? '';
  const action = last.includes(':') ? (last.split(':').at(-1) ?? last) : last;
  if (action.includes('{')) return null;
  const first = action.split(/[-_.]|(?=[A-Z])/)[0] ?? action;
  // `/orders/{id}/cancel`, `/send-mail`; a lone noun such as `/archive` is no verb.
  const isVerb = VERB.test(action) || (first !== action && VERB.test(first));
  return isVerb && !AMBIGUOUS.test(first) && !READS.test(action.replaceAll(/[-_.]|(?=[A-Z])/g, ' ')) ? action : null;
}

function verbInName(
  { summary }: Page,
  { operationId }: Subject['operation'],
): { readonly where: string; readonly word: string } | null {
  const id = operationId === null ? null : wordAt(operationId.charAt(0).toLowerCase() + operationId.slice(1));
  if (id !== null && !READS.test(spaced(operationId ?? ''))) return { where: 'operationId', word: id };
  const title = summary.split('\n')[0] ?? '';
  const said = wordAt(title.charAt(0).toLowerCase() + title.slice(1));
  return said === null || READS.test(title) ? null : { where: 'summary', word: said };
}

function wordAt(text: string): string | null {
  return BEGINS.exec(text)?.[0] ?? null;
}

function spaced(name: string): string {
  return name.replaceAll(/[-_.]|(?=[A-Z])/g, ' ');
}

/** What safe-no-effect found in a run. */
function effect({ results, exchanges }: Observed, at: object) {
  const result = results.find(({ check, verdict }) => check === 'safe-no-effect' && verdict === 'fail');
  const finding = result?.findings.find(({ level }) => level === 'fail');
  if (finding === undefined) return null;
  const proof = exchanges.filter(({ n }) => finding.exchanges.includes(n));
  return fail('has-effect', { code: finding.code }, proof, at);
}
