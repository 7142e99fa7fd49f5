/** `operation#check: by hand -> from the document`, by the reason why the document cannot say it. Empty is best. */
export type Differences = Readonly<Record<string, readonly string[]>>;

const REFUSAL = 'a document tells a payload to refuse where the file names none';
const NO_FAULT = 'a document names no payload that fails';
const KEYED_PATCH = 'the document lets PATCH take a key';
const PUT_CREATES = 'the document says that PUT creates';
const UNUSED_VERSION = 'nothing that the document lets a client do takes the version of these';

/** A payload that does not fit its schema, where the file by hand has none. */
const refusals: readonly string[] = [
  'POST /accounts#failed-write-no-effect: not-applicable -> pass',
  'POST /accounts#key-error-policy:invalid: not-applicable -> pass',
];

const everywhere: Differences = {
  [NO_FAULT]: ['POST /orders#key-error-policy:fault: pass -> not-applicable'],
};

const keyedPatch: Differences = {
  [KEYED_PATCH]: ['PATCH /orders/{}#patch-key-single-apply: not-applicable -> inconclusive'],
};

/** Where there is a PUT, and the version is an entity tag. */
const plainly: Differences = {
  ...everywhere,
  ...keyedPatch,
  [REFUSAL]: [...refusals, 'PUT /labels/{}#failed-write-no-effect: not-applicable -> pass'],
  [PUT_CREATES]: [
    'PUT /orders/{}#if-none-match-star: not-applicable -> pass',
    'PUT /orders/{}#put-create-concurrent: not-applicable -> pass',
  ],
};

/** What the document of each style cannot say. */
export const ALONE: Readonly<Record<string, Differences>> = {
  enveloped: plainly,
  'body-key': plainly,
  aip: { ...everywhere, [REFUSAL]: refusals },
  'json-api': {
    ...everywhere,
    ...keyedPatch,
    [REFUSAL]: refusals,
    [UNUSED_VERSION]: [
      'DELETE /accounts/{}#if-match-stale-rejected:never-issued: not-applicable -> inconclusive',
      'DELETE /orders/{}/notes/{}#if-match-stale-rejected:never-issued: not-applicable -> inconclusive',
      'GET /accounts/{}#etag-stable: pass -> inconclusive',
      'GET /orders/{}/notes/{}#etag-stable: pass -> inconclusive',
    ],
  },
  async: plainly,
};
