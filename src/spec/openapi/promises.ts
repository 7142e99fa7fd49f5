import type { Documented, Page } from '../../core/operation.js';
import type { Contract } from '../../generated/spec.js';
import type { Layer } from '../contract.js';
import { member, textMember } from '../data.js';
import { locationOf, type ApiDocument } from './document.js';
import { hasForm, keyOf, type FoundKey } from './keys.js';
import { lifetimeOf, type Lifetime } from './lifetime.js';
import type { ApiOperation, ApiResponse } from './operations.js';

/** All a document says of one operation beside how it is called. */
export interface Promises {
  readonly key: FoundKey | null;
  readonly lifetime: Lifetime | null;
  readonly layer: Layer;
  /** Statuses whose descriptions tell what they are for, in words for a person. */
  readonly described: readonly {
    readonly what: string;
    readonly statuses: readonly number[];
    readonly response: ApiResponse;
  }[];
}

const IN_FLIGHT =
  /in[ -]?(flight|progress)|being (worked|processed|handled)|still (being|process|work|pending)|concurrent|currently process|already process(ing)?\b|simultaneous/i;
const OTHER_PAYLOAD =
  /(another|different|other|changed|mismatch\w*|not match\w*|does not match|doesn't match) .{0,40}(request|payload|body|parameter|content)|(payload|body|parameters?|fingerprint) .{0,40}(differ|mismatch|not match|changed)|reus(e|ed|ing)\b.{0,40}(key|idempoten)|(key|idempoten\w*).{0,60}(reus|different|another|other request|mismatch|already (been )?used)/i;
const MISSING =
  /(key|header).{0,30}(missing|required|absent|not (given|present|provided))|(missing|without|no|lacks?|absent) .{0,30}(idempotency[ -]?key|\bkey\b)/i;
const REPLAYED = /again|replay|earlier|original|first answer|same (key|request)|already (created|exist)|duplicate/i;
const MARKERS = /^(x-)?(idempoten(t|cy)-?(replay(ed)?|hit|status)|original-request|replayed)$/i;

/** What a document promises of one operation about keys and versions. */
export function promisesOf(document: ApiDocument, operation: ApiOperation): Promises {
  const { responses } = operation;
  const key = keyOf(document, operation);
  const lifetime = key === null ? null : lifetimeOf(document, operation, key);
  const inflight = statusesNamed(responses, [409, 425, 423, 429], IN_FLIGHT);
  const mismatch = statusesNamed(responses, [422, 409, 400], OTHER_PAYLOAD);
  const missing = statusesNamed(responses, [400, 422, 428], MISSING);
  const replay = responses.find(({ status, description }) => status === '200' && REPLAYED.test(description));
  const isReplay200 = replay !== undefined && responses.some(({ status }) => status === '201');
  const marker = responses.flatMap(({ headers }) => headers).find(name => MARKERS.test(name));
  const etag = etagOf(operation);
  const keyed: Contract =
    key === null
      ? {}
      : {
          ...(lifetime?.ttl == null ? {} : { ttl: lifetime.ttl }),
          ...(inflight.length === 0 ? {} : { inflight: { statuses: numbersOf(inflight) } }),
          ...(mismatch.length === 0 ? {} : { mismatch: { statuses: numbersOf(mismatch) } }),
          ...(missing.length === 0 ? {} : { missing: { statuses: numbersOf(missing) } }),
          ...(isReplay200 ? { replayStatuses: [200] } : {}),
          ...(marker === undefined ? {} : { marker }),
        };
  const described =
    key === null
      ? []
      : [
          { what: 'in flight', found: inflight },
          { what: 'another payload', found: mismatch },
          { what: 'no key', found: missing },
        ].flatMap(({ what, found }) => {
          const [response] = found;
          return response === undefined ? [] : [{ what, statuses: numbersOf(found), response }];
        });
  return {
    key,
    lifetime,
    described,
    layer: {
      contract: { ...keyed, ...(etag === null ? {} : { etag }) },
      ...(key === null ? {} : { key: key.key }),
      refusesMismatch: key !== null && mismatch.length === 0 && refusesMismatch(responses),
    },
  };
}

/** What a document says of one operation, for reports and for the checks of the documentation. */
export function documentedBy(document: ApiDocument, operation: ApiOperation, promises: Promises): Documented {
  const { responses, parameters } = operation;
  return {
    statuses: responses.map(({ status }) => status),
    requestHeaders: parameters.filter(parameter => parameter.in === 'header').map(({ name }) => name.toLowerCase()),
    responseHeaders: [...new Set(responses.flatMap(({ headers }) => headers))],
    page: pageOf(document, operation, promises),
  };
}

function pageOf(document: ApiDocument, operation: ApiOperation, { key, lifetime }: Promises): Page {
  const { node, parameters, responses, mediaTypes } = operation;
  const condition = parameters.find(isIfMatch);
  return {
    target: node.source === document.root.source ? jsonPathOf(node.path) : null,
    isOld: document.version === 2,
    summary: textMember(node.value, 'summary') ?? '',
    description: textMember(node.value, 'description') ?? '',
    hasBody: mediaTypes.length > 0 || operation.body !== null,
    mediaTypes,
    responsesAt: node.source.locate([...node.path, 'responses'], 'key'),
    responses: responses.map(({ status, description }) => ({ status, description })),
    key:
      key === null
        ? null
        : {
            in: key.key.in ?? 'header',
            name: key.key.name ?? 'Idempotency-Key',
            required: key.key.required ?? null,
            hasForm: hasForm(key),
            location: locationOf(key.node),
          },
    expiry: lifetime === null ? null : { text: lifetime.text, seconds: lifetime.seconds },
    ifMatch:
      condition === undefined ? null : { required: condition.required === true, location: locationOf(condition.node) },
  };
}

/** A path in a document as JSONPath (RFC 9535), every step in brackets. */
function jsonPathOf(path: readonly (string | number)[]): string {
  return `$${path.map(step => `[${typeof step === 'number' ? step : `'${step.replaceAll(/['\\]/g, String.raw`\$&`)}'`}]`).join('')}`;
}

function statusesNamed(
  responses: readonly ApiResponse[],
  statuses: readonly number[],
  words: RegExp,
): readonly ApiResponse[] {
  return responses.filter(({ status, description }) => statuses.includes(Number(status)) && words.test(description));
}

function numbersOf(responses: readonly ApiResponse[]): number[] {
  return responses.map(({ status }) => Number(status));
}

/** A documented 409 or 422 that nobody gives another reason for, or a 400 whose description speaks of the key. */
function refusesMismatch(responses: readonly ApiResponse[]): boolean {
  return responses.some(
    ({ status, description }) =>
      ((status === '409' || status === '422') && !IN_FLIGHT.test(description)) ||
      (status === '400' && /idempoten|\bkey\b/i.test(description) && !MISSING.test(description)),
  );
}

/** Statuses of writes with an outdated version and without one. */
function etagOf({ responses, parameters }: ApiOperation): NonNullable<Contract['etag']> | null {
  const condition = parameters.find(isIfMatch);
  const has = (wanted: string) => responses.some(({ status }) => status === wanted);
  const mismatch = condition !== undefined && has('409') && !has('412') ? { mismatch: [412, 409] } : {};
  const missing = has('428')
    ? { missing: [428] }
    : condition?.required === true
      ? { missing: [428, 400, 412] }
      : condition !== undefined && member(condition.node.value, 'required') === false
        ? { missing: 'permitted' as const }
        : {};
  const both = { ...mismatch, ...missing };
  return Object.keys(both).length === 0 ? null : both;
}

function isIfMatch(parameter: ApiOperation['parameters'][number]): boolean {
  return parameter.in === 'header' && /^if-match$/i.test(parameter.name);
}
