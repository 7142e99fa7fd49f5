/**
 * The milliseconds a Retry-After asks for (RFC 9110 section 10.2.3): seconds, or a date, which counts from `nowMs`
 * (milliseconds since 1970). `null` = none, or nonsense.
 */
export function retryAfterMs(value: string | null, nowMs: number): number | null {
  if (value === null) return null;
  if (/^\d{1,6}$/.test(value.trim())) return Number(value) * 1000;
  const at = Date.parse(value);
  return Number.isNaN(at) ? null : Math.max(0, at - nowMs);
}
