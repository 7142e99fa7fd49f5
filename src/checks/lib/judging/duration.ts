const UNITS = [
  [86_400, 'd', 2],
  [3600, 'h', 2],
  [60, 'min', 5],
] as const;

/**
 * A span of seconds as a person writes it, exact: `5 s`, `130 s`, `11 min`, `24 h`, `7 d`. A larger unit is used only
 * where it divides evenly and the number stays telling. Below ten seconds with one decimal where there is one.
 */
export function duration(seconds: number): string {
  if (seconds < 10) return `${Math.round(seconds * 10) / 10} s`;
  const whole = Math.round(seconds);
  const fitting = UNITS.find(([size, , least]) => whole % size === 0 && whole / size >= least);
  return fitting === undefined ? `${whole} s` : `${whole / fitting[0]} ${fitting[1]}`;
}

/**
 * A span of seconds that was measured, as short as it stays telling: `0.1 s`, `35 s`, `22 min`, `21.6 h`, `6.3 d`.
 * Rounded down, so that "held at" claims no more than was seen.
 */
export function measured(seconds: number): string {
  if (seconds < 10) return `${Math.floor(seconds * 10 + 0.05) / 10} s`;
  if (seconds < 1000) return `${Math.floor(seconds)} s`;
  if (seconds < 7200) return `${Math.floor(seconds / 60)} min`;
  return seconds < 172_800 ? `${tenths(seconds / 3600)} h` : `${tenths(seconds / 86_400)} d`;
}

function tenths(value: number): number {
  return Math.floor(value * 10) / 10;
}
