import type { Answered, Exchange, Response } from '../../../core/http.js';
import { fail, note } from '../../../core/verdict.js';
import { hasAnswer } from '../../lib/http/answers.js';

/** Cookies of the first answer that come again: another operation's answer tells whether they were made for it. */
export function cookieVerdict(first: Answered, replay: Answered, other: Exchange | undefined) {
  const again = cookiesOf(replay.response).filter(cookie => cookiesOf(first.response).includes(cookie));
  const [cookie] = again;
  if (cookie === undefined || !hasAnswer(other)) return { finding: null, note: null };
  const own = again.find(one => !cookiesOf(other.response).includes(one));
  return own === undefined
    ? { finding: null, note: note('constant-cookie', { name: nameOf(cookie) }) }
    : { finding: fail('session-replayed', { name: nameOf(own) }, [first, replay, other]), note: null };
}

/** The cookies an answer sets, as `name=value`; those it deletes are none. */
function cookiesOf({ headers }: Response): readonly string[] {
  return headers
    .filter(([name]) => name.toLowerCase() === 'set-cookie')
    .map(([, line]) => (line.split(';')[0] ?? '').trim())
    .filter(cookie => !/=$|^$/.test(cookie));
}

function nameOf(cookie: string): string {
  return cookie.split('=')[0] ?? cookie;
}
