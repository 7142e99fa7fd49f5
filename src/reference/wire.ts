import { Buffer } from 'node:buffer';
import { STATUS_CODES, type ServerResponse } from 'node:http';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { isObject, type Reply } from './reply.js';

/**
 * The answer to HEAD. Node leaves a body out of it, as it must; a body that a flaw puts there goes to the socket itself,
 * or stays in the Response where there is no socket.
 */
export function respond(reply: Reply, env: unknown): Response {
  const { status, headers, body } = reply;
  const outgoing = outgoingOf(env);
  if (body === null || outgoing?.socket == null) return new Response(body, { status, headers: { ...headers } });
  outgoing.socket.end(rawResponse(reply, body));
  return RESPONSE_ALREADY_SENT;
}

function rawResponse({ status, headers }: Reply, body: string): string {
  const lines = Object.entries({ 'content-length': String(Buffer.byteLength(body)), ...headers, connection: 'close' });
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${head}\r\n${body}`;
}

/** Whether the client has closed its connection, as the Node server knows it, else as the request's signal says. */
export function isGone(request: Request, env: unknown): boolean {
  return outgoingOf(env)?.destroyed ?? request.signal.aborted;
}

function outgoingOf(env: unknown): ServerResponse | null {
  return isObject(env) && isServerResponse(env['outgoing']) ? env['outgoing'] : null;
}

function isServerResponse(value: unknown): value is ServerResponse {
  return typeof value === 'object' && value !== null && 'socket' in value && 'writeHead' in value;
}
