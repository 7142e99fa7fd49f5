import { basename } from 'node:path';
import { Document } from 'yaml';

/** What one operation lacks. */
export interface Lack {
  /** JSONPath of the operation in its document. */
  readonly target: string;
  /** The key parameter is missing. */
  readonly key: boolean;
  /** The lifetime of keys is missing; the one that is promised elsewhere, as a duration, or the usual one. */
  readonly ttl: string | null;
  /** Responses that are missing, with their descriptions. */
  readonly responses: readonly { readonly status: string; readonly description: string }[];
}

type Part = Readonly<Record<string, unknown>>;

/**
 * An OpenAPI Overlay 1.0 that adds to a document what it lacks (https://spec.openapis.org/overlay/v1.0.0.html). What
 * only the owner of the API can know is marked as such in a comment.
 */
export function overlayOf(
  lacks: readonly Lack[],
  { file, extended, isOld }: { readonly file: string; readonly extended: string; readonly isOld: boolean },
): string {
  const ttls = [...new Set(lacks.flatMap(({ ttl }) => ttl ?? []))];
  const [common] = ttls;
  const isCommon = ttls.length === 1 && common !== undefined;
  const actions = [
    ...(isCommon ? [{ target: '$', update: { 'x-idempotency': { ttl: common } } }] : []),
    ...lacks.flatMap(lack => {
      const update = updateOf(lack, isCommon, isOld);
      return Object.keys(update).length === 0 ? [] : [{ target: lack.target, update }];
    }),
  ];
  const document = new Document(
    {
      overlay: '1.0.0',
      info: { title: `What ${basename(file)} does not say about retries`, version: '1.0.0' },
      extends: extended,
      actions,
    },
    { aliasDuplicateObjects: false },
  );
  document.commentBefore = [
    ' Written by idem-check lint. Look through it before it is applied: whether a key is required,',
    ' how long it protects, and which statuses the API really gives, only its owner knows.',
  ].join('\n');
  return document.toString({ lineWidth: 0 });
}

function updateOf({ key, ttl, responses }: Lack, isCommon: boolean, isOld: boolean): Part {
  return {
    ...(key ? { parameters: [keyParameter(isOld)] } : {}),
    ...(ttl !== null && !isCommon ? { 'x-idempotency': { ttl } } : {}),
    ...(responses.length === 0
      ? {}
      : { responses: Object.fromEntries(responses.map(({ status, description }) => [status, { description }])) }),
  };
}

function keyParameter(isOld: boolean): Part {
  const schema = { type: 'string', format: 'uuid', maxLength: 255 };
  return {
    name: 'Idempotency-Key',
    in: 'header',
    required: false,
    description:
      'A new UUID for each operation, kept for its retries: a repeat with the same key and the same request has no further effect and gets the first answer.',
    ...(isOld ? schema : { schema }),
  };
}
