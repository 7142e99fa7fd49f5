import { header, type Answered, type Response } from '../../../core/http.js';
import { isObject, jsonOf } from '../json/json.js';

/** Whether an answer names an id somewhere: in its Location, or as a value (or the end of a link) in its JSON body. */
export function carriesId(response: Response, id: string): boolean {
  const texts = [header(response, 'location'), header(response, 'content-location'), ...scalarsIn(jsonOf(response))];
  return texts.some(text => text !== null && (text === id || endsWithSegment(text, id)));
}

/** Whether a 200 says by a code in its body what elsewhere a status does. */
export function saysIn200({ response }: Answered, codes: readonly string[] | null): boolean {
  if (response.status !== 200 || codes === null) return false;
  return scalarsIn(jsonOf(response)).some(text => codes.includes(text));
}

/** Every string, number and boolean in a JSON value, as text. */
function scalarsIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(scalarsIn);
  if (isObject(value)) return Object.values(value).flatMap(scalarsIn);
  return value === null || value === undefined ? [] : [String(value)];
}

function endsWithSegment(link: string, id: string): boolean {
  const path = link.split(/[?#]/)[0] ?? '';
  return id !== '' && (path.endsWith(`/${id}`) || path.endsWith(`/${encodeURIComponent(id)}`));
}
