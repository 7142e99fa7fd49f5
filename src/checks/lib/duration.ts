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
