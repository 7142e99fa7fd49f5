import { header, isAnswered, type Exchange, type Response } from '../../../core/http.js';

/** The content coding of an answer (RFC 9110 section 8.4), in lower case; `null` = none. */
export function codingOf(response: Response): string | null {
  const coding = header(response, 'content-encoding')?.trim().toLowerCase() ?? '';
  return coding === '' || coding === 'identity' ? null : coding;
}

/**
 * What keeps a client from reading an answer: no HTTP at all, a Content-Length that is not its length, or a coding
 * its bytes do not have. `null` = nothing. A lost connection is no such thing.
 */
export function unreadable(exchange: Exchange): string | null {
  if (exchange.lost === 'protocol') return `it is no HTTP (${exchange.lostDetail ?? 'malformed'})`;
  if (!isAnswered(exchange)) return null;
  const { response } = exchange;
  const length = header(response, 'content-length');
  const isFramed = length !== null && header(response, 'transfer-encoding') === null;
  if (isFramed && Number(length) !== response.bodyBytes) {
    return `Content-Length is ${length}, and ${response.bodyBytes} bytes came`;
  }
  const coding = codingOf(response);
  const isOther = coding !== null && /^(x-)?gzip$/.test(coding) && response.bodyBytes > 0 && !isGzip(response);
  return isOther ? `Content-Encoding is ${coding}, and the bytes are not` : null;
}

/** Whether the bytes begin as gzip does (RFC 1952 section 2.3.1): 1f 8b 08, which is no UTF-8. */
function isGzip({ body, bodyEncoding }: Response): boolean {
  return bodyEncoding === 'base64' && body.startsWith('H4sI');
}
