import { measured } from './reading.js';
import type { Reply } from './reply.js';

/** A reply on its way out, with the length of its body. */
export function toResponse(reply: Reply): Response {
  const { status, headers, body } = measured(reply);
  return new Response(body, { status, headers: { ...headers } });
}

/** What a response says, as plain data. */
export async function replyOf(response: Response): Promise<Reply> {
  const text = await response.text();
  return { status: response.status, headers: Object.fromEntries(response.headers), body: text === '' ? null : text };
}
