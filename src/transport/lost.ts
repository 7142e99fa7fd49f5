import type { LostReason } from '../core/http.js';

/** Why no complete response came, thrown and caught inside the transport alone. The message is the detail. */
export class Lost extends Error {
  override readonly name = 'Lost';

  readonly lost: LostReason;

  constructor(lost: LostReason, detail: string) {
    super(detail);
    this.lost = lost;
  }
}

/** What came for an answer cannot be read as one. */
export function notHttp(what: string): Lost {
  return new Lost('protocol', `the answer is no HTTP: ${what}`);
}

/**
 * What an error met while connecting amounts to. Nothing was sent: `refused`, unless the server took the connection
 * and reset it at once, or it was given up.
 */
export function refusal(error: unknown, host: string): Lost {
  if (error instanceof Lost) return error;
  const code = codeOf(error);
  const text = textOf(error);
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return new Lost('refused', `host ${host} not found (${code})`);
  if (code === 'ECONNREFUSED') return new Lost('refused', `connection refused by ${host} (${code})`);
  if (isCertificate(code)) {
    return new Lost(
      'refused',
      `the certificate of ${host} is not trusted: ${text} (${code}); see --cacert and --insecure`,
    );
  }
  if (isTls(code)) return new Lost('refused', `TLS handshake with ${host} failed: ${text} (${code})`);
  const isReset = code === 'ECONNRESET' && /^(connect|read) /.test(text);
  return new Lost(isReset ? 'reset' : 'refused', `no connection to ${host}: ${text}${code === '' ? '' : ` (${code})`}`);
}

/** What an error met during an exchange amounts to, before or after the head of the answer was in. */
export function lossOf(error: unknown, isHeadIn = true): Lost {
  if (error instanceof Lost) return error;
  const code = codeOf(error);
  const detail = `${textOf(error)}${code === '' ? '' : ` (${code})`}`;
  if (isCertificate(code) || isTls(code)) return new Lost('refused', `TLS failed: ${detail}`);
  return new Lost(isProtocol(error, isHeadIn) ? 'protocol' : 'reset', detail);
}

function isProtocol(error: unknown, isHeadIn: boolean): boolean {
  if (isHeadIn && isCut(error)) return false;
  const code = codeOf(error);
  // undici says so of a 100 or 101 nobody asked for.
  if (code === 'UND_ERR_SOCKET') return /^bad (response|upgrade)/.test(textOf(error));
  return isParsing(error) || /^(UND_ERR_|ERR_ASSERTION|ERR_HTTP2_ERROR|ERR_HTTP2_HEADER|ERR_HTTP2_INVALID)/.test(code);
}

/**
 * An answer that ends before its declared or chunked end was cut by the connection, not malformed. undici also calls
 * a malformed head so, when it holds a length.
 */
function isCut(error: unknown): boolean {
  if (codeOf(error) === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH') return true;
  return isParsing(error) && /Invalid EOF state/.test(textOf(error));
}

function isParsing(error: unknown): boolean {
  return error instanceof Error && error.name === 'HTTPParserError';
}

function isCertificate(code: string): boolean {
  return /CERT|SELF_SIGNED|^UNABLE_TO|^CRL_|ALTNAME/.test(code) && !code.startsWith('ERR_SSL_');
}

function isTls(code: string): boolean {
  return /^(ERR_SSL_|ERR_TLS_|EPROTO$)/.test(code);
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** OpenSSL's messages carry addresses and file names; their `reason` is what a person can read. */
function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ('reason' in error && typeof error.reason === 'string' && error.reason !== '') return error.reason;
  return error.message.split('\n', 1)[0] || codeOf(error) || error.name;
}
