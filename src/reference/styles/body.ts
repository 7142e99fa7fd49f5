import type { Reply } from '../reply.js';

/** The value of a JSON body; `undefined` where there is none or it is no JSON. */
export function parsedBody({ body }: { readonly body: string | null }): unknown {
  try {
    return body === null ? undefined : JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** A reply with another value in its body, laid out as the text that was there: what a flaw does to it is to be seen. */
export function withValue(reply: Reply, value: unknown): Reply {
  const isCompact = reply.body === null || !/\n/.test(reply.body);
  return { ...reply, body: JSON.stringify(value, null, isCompact ? 0 : 2) };
}

/** A reply without some of its headers. */
export function withoutHeaders(reply: Reply, ...names: readonly string[]): Reply {
  const headers = Object.entries(reply.headers).filter(([name]) => !names.includes(name));
  return { ...reply, headers: Object.fromEntries(headers) };
}
