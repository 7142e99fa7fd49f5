import { isLosslessNumber, parse } from 'lossless-json';
import { isObject } from '../../lib/json/json.js';

/** How a JSON text is written anew: with its members turned round, other spaces and escapes; or with `1.0` for `1`. */
export type Rewriting = 'layout' | 'numbers';

/** Digits within which every reader of JSON agrees on a number (RFC 8259 section 6). */
const SAFE_DIGITS = 15;

/**
 * Another text for the same JSON value; `null` where the text is no JSON object, or would come out as it was. Numbers
 * of more than 15 digits are left as they are written.
 */
export function reserialised(text: string, rewriting: Rewriting): string | null {
  const value = parsed(text);
  if (!isObject(value)) return null;
  const written = rewriting === 'layout' ? layout(value, '\n') : numbers(value);
  return written === text ? null : written;
}

function layout(value: unknown, indent: string): string {
  const deeper = `${indent}  `;
  if (Array.isArray(value)) {
    return value.length === 0
      ? '[ ]'
      : `[${value.map(item => `${deeper}${layout(item, deeper)}`).join(' ,')}${indent}]`;
  }
  if (isObject(value)) {
    const members = Object.entries(value)
      .toReversed()
      .map(([name, inner]) => `${deeper}${JSON.stringify(name)} : ${layout(inner, deeper)}`);
    return members.length === 0 ? '{ }' : `{${members.join(' ,')}${indent}}`;
  }
  return typeof value === 'string' ? escaped(value) : scalar(value);
}

/** Every character that can be escaped is: the first letter, and all beyond ASCII. */
function escaped(value: string): string {
  const text = JSON.stringify(value);
  const isPlain = /^"[A-Za-z0-9]/.test(text);
  const first = isPlain ? unicode(text.charAt(1)) : '';
  return `"${first}${text.slice(isPlain ? 2 : 1).replaceAll(/[^\x20-\x7e]/g, unicode)}`;
}

function unicode(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function numbers(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(numbers).join(',')}]`;
  if (isObject(value)) {
    return `{${Object.entries(value)
      .map(([name, inner]) => `${JSON.stringify(name)}:${numbers(inner)}`)
      .join(',')}}`;
  }
  if (!isLosslessNumber(value)) return scalar(value);
  const text = value.toString();
  if (text.length > SAFE_DIGITS || /[eE]/.test(text)) return text;
  return /^-?\d+$/.test(text) ? `${text}.0` : `${text}0`;
}

function scalar(value: unknown): string {
  return isLosslessNumber(value) ? value.toString() : JSON.stringify(value);
}

function parsed(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}
