import { UsageError } from '../../core/errors.js';
import type { HeaderLine } from '../../core/http.js';
import { secondsOf } from '../../spec/duration.js';
import { didYouMean } from '../../spec/suggest.js';

/** Reads the text of a flag. Throws UsageError with what is wrong with it and what to write instead. */
export interface Parser<Value> {
  (text: string): Value;
  /** All it takes, where that can be listed. */
  readonly choices?: readonly string[];
}

export const text: Parser<string> = given => given;

/** An absolute http or https URL. */
export const webAddress: Parser<string> = given => {
  if (!URL.canParse(given) || !/^https?:$/.test(new URL(given).protocol)) {
    throw new UsageError(`"${given}" is no http or https URL; write http://127.0.0.1:8080`);
  }
  return given;
};

/** A whole number, `least` or more. */
export function count(least = 1): Parser<number> {
  return given => {
    const value = given.trim() === '' ? Number.NaN : Number(given);
    if (!Number.isSafeInteger(value) || value < least) {
      throw new UsageError(`"${given}" is no whole number from ${least} up`);
    }
    return value;
  };
}

/** A duration, in milliseconds. */
export const duration: Parser<number> = given => {
  const seconds = secondsOf(given);
  if (seconds === null) throw new UsageError(`"${given}" is no duration; write 30s, 5m or 24h`);
  return seconds * 1000;
};

/** One of these words. */
export function oneOf<const Word extends string>(...words: readonly Word[]): Parser<Word> {
  const parse = (given: string): Word => {
    const found = words.find(word => word === given);
    if (found !== undefined) return found;
    throw new UsageError(`"${given}" is not one of ${words.join(', ')}${didYouMean(given, words)}`);
  };
  return Object.assign(parse, { choices: words });
}

/** `Name: value`. */
export const headerLine: Parser<HeaderLine> = given => {
  const [, name, value] = /^([^:\s]+):\s*(.*)$/s.exec(given) ?? [];
  // The text is not shown: it may be a secret.
  if (name === undefined || value === undefined) throw new UsageError('write "Name: value", not one without a colon');
  return [name, value];
};

export const pattern: Parser<RegExp> = given => {
  try {
    return new RegExp(given);
  } catch {
    throw new UsageError(`"${given}" is no regular expression`);
  }
};

/** So many requests in so many milliseconds. */
export interface Rate {
  readonly requests: number;
  readonly perMs: number;
}

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000 };

export const rate: Parser<Rate> = given => {
  const [, requests, unit] = /^(\d+)\/(s|m|h)$/.exec(given) ?? [];
  const perMs = UNITS[unit ?? ''];
  if (perMs === undefined || Number(requests) === 0) {
    throw new UsageError(`"${given}" is no rate; write 10/s, 100/m or 1000/h`);
  }
  return { requests: Number(requests), perMs };
};

/** One part of several, counted from 1. */
export interface Shard {
  readonly index: number;
  readonly of: number;
}

export const shard: Parser<Shard> = given => {
  const [, index, of] = /^(\d+)\/(\d+)$/.exec(given) ?? [];
  if (index === undefined || of === undefined || Number(index) < 1 || Number(index) > Number(of)) {
    throw new UsageError(`"${given}" is no shard; write 1/4 for the first of four`);
  }
  return { index: Number(index), of: Number(of) };
};
