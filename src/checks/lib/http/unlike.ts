/** Added to a number, so that no counter gets there during a run; the sum of two stays below 2^31. */
const FAR = 1_000_000_007n;

/** How many letters at the end are changed. */
const TAIL = 12;

/**
 * Another value of the same shape, which most likely nobody was ever given: a UUID or a hex text with other digits at
 * its end, a much larger number, else other letters and digits at its end, each of the same kind.
 */
export function unlike(text: string): string {
  if (/^\d+$/.test(text)) return String(BigInt(text) + FAR).padStart(text.length, '0');
  if (!/[0-9a-z]/i.test(text)) return `${text}idem-check-none`;
  const isUpper = /[A-F]/.test(text);
  const turn = /^[0-9a-f-]+$/i.test(text) ? (digit: string) => otherHex(digit, isUpper) : otherOfKind;
  return text.slice(0, -TAIL) + text.slice(-TAIL).replaceAll(/[0-9a-z]/gi, turn);
}

function otherHex(digit: string, isUpper: boolean): string {
  const other = (15 - Number.parseInt(digit, 16)).toString(16);
  return isUpper ? other.toUpperCase() : other;
}

function otherOfKind(letter: string): string {
  const first = /\d/.test(letter) ? '0' : letter === letter.toUpperCase() ? 'A' : 'a';
  const size = first === '0' ? 10 : 26;
  const base = first.charCodeAt(0);
  return String.fromCharCode(base + ((letter.charCodeAt(0) - base + size / 2) % size));
}
