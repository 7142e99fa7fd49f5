/** A number as a whole number of units of ten to the power of minus `scale`. */
interface Scaled {
  readonly units: bigint;
  readonly scale: number;
}

/** A count this near to a whole number is one: binary fractions of money are a little off. */
const NEAR = 1e-6;

/** Decimals a difference is shown and kept with, after which binary fractions are noise. */
const SHOWN = 9;

/** The difference of two numbers as their JSON text shows them, exact for decimal notation (`5.3` - `5.1` is `0.2`). */
export function differenceOf(from: string, to: string): string {
  const [one, two] = [scaled(from), scaled(to)];
  if (one === null || two === null) return plain(Number(to) - Number(from));
  const scale = Math.max(one.scale, two.scale);
  return textOf({ units: unitsAt(two, scale) - unitsAt(one, scale), scale });
}

/** How often a step goes into a movement: a whole number, or `null` when it does not go into it evenly. */
export function timesOf(movement: string, step: string): number | null {
  const [one, two] = [scaled(movement), scaled(step)];
  if (one !== null && two !== null && two.units !== 0n) {
    const scale = Math.max(one.scale, two.scale);
    const [dividend, divisor] = [unitsAt(one, scale), unitsAt(two, scale)];
    if (dividend % divisor === 0n) return Number(dividend / divisor);
    // Whole numbers have no fractions to be a little off.
    if (scale === 0) return null;
  }
  const times = Number(movement) / Number(step);
  const whole = Math.round(times);
  return Number.isFinite(times) && Math.abs(times - whole) < NEAR ? whole : null;
}

/** Whether two movements are the same, but for the noise of binary fractions. */
export function isSameStep(one: string, two: string): boolean {
  return timesOf(one, two) === 1;
}

/** Whether a text is a number as JSON writes it, or a decimal amount in a string (`"12.50"`). */
export function isAmount(text: string): boolean {
  return /^-?(\d+)(\.\d+)?([eE][+-]?\d+)?$/.test(text) || /^"-?\d{1,15}(\.\d{1,9})?"$/.test(text);
}

/** The number in such a text, without its quotes. */
export function amountIn(text: string): string {
  return text.replaceAll('"', '');
}

function scaled(text: string): Scaled | null {
  const [, sign = '', whole = '', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  return whole === '' ? null : { units: BigInt(`${sign}${whole}${fraction}`), scale: fraction.length };
}

function unitsAt({ units, scale }: Scaled, wanted: number): bigint {
  return units * 10n ** BigInt(wanted - scale);
}

function textOf({ units, scale }: Scaled): string {
  const digits = String(units < 0n ? -units : units).padStart(scale + 1, '0');
  const [whole, fraction] = [digits.slice(0, digits.length - scale), digits.slice(digits.length - scale)];
  const text = `${units < 0n ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
  return fraction.length > SHOWN ? plain(Number(text)) : trimmed(text);
}

function plain(value: number): string {
  return Number.isFinite(value) ? trimmed(value.toFixed(SHOWN)) : String(value);
}

function trimmed(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}
