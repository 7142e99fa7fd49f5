/** A response as plain data, so that it can be stored under a key, sent again, or bent by a flaw. */
export interface Reply {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** `null` = no content at all. */
  readonly body: string | null;
}

/** What a seam may answer. */
export type MaybeReply = Reply | Promise<Reply>;

/** A reply with a JSON body. */
export function json(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Reply {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(value) };
}

/** A reply without content. */
export function empty(status: number, headers: Readonly<Record<string, string>> = {}): Reply {
  return { status, headers, body: null };
}

/** Problem Details (RFC 9457) whose type is a link into the API's own document. */
export function problem(
  status: number,
  name: string,
  title: string,
  { detail, headers = {} }: { readonly detail?: string; readonly headers?: Readonly<Record<string, string>> } = {},
): Reply {
  const value = { type: `urn:problem:${name}`, title, status, ...(detail === undefined ? {} : { detail }) };
  return {
    status,
    headers: { 'content-type': 'application/problem+json', ...headers },
    body: JSON.stringify(value),
  };
}

/** What an unhandled exception looks like from outside. */
export function crash(): Reply {
  return problem(500, 'internal', 'Internal Server Error');
}

/** The same reply with one header set. */
export function withReplyHeader(reply: Reply, name: string, value: string): Reply {
  return { ...reply, headers: { ...reply.headers, [name]: value } };
}

/** The same reply with its JSON body changed. Leaves a reply without an object body alone. */
export function withJson(reply: Reply, change: (value: Readonly<Record<string, unknown>>) => unknown): Reply {
  if (reply.body === null) return reply;
  const value: unknown = JSON.parse(reply.body);
  return isObject(value) ? { ...reply, body: JSON.stringify(change(value)) } : reply;
}

/** The id a reply's JSON body shows; empty without one. */
export function idOf({ body }: Pick<Reply, 'body'>): string {
  const value: unknown = body === null ? null : JSON.parse(body);
  return isObject(value) && typeof value['id'] === 'string' ? value['id'] : '';
}

/** Whether a parsed value is a JSON object. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
