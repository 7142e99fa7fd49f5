const UNITS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, min: 60, h: 3600, d: 86_400, w: 604_800 };

/** Seconds in a duration such as `30s`, `5m`, `24h`, `7d`, `1h30m`, or in a number of seconds; `null` when it is none. */
export function secondsOf(duration: string | number): number | null {
  if (typeof duration === 'number') return Number.isFinite(duration) && duration >= 0 ? duration : null;
  const text = duration.trim();
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  if (!/^(\d+(\.\d+)?\s*(ms|min|s|m|h|d|w)\s*)+$/i.test(text)) return null;
  const parts = text.matchAll(/(\d+(?:\.\d+)?)\s*(ms|min|s|m|h|d|w)/gi);
  return [...parts].reduce(
    (sum, [, count, unit]) => sum + Number(count) * (UNITS[(unit ?? 's').toLowerCase()] ?? 1),
    0,
  );
}
