// Options as commander gives them, as the values that a command needs. Core is what parses and
// complains.

import { fail, parseDuration } from '@fleetune/core';
import type { Invocation } from '../manual/page.ts';

type Options = Invocation['options'];

export function textOption(options: Options, name: string): string | undefined {
  const value = options[name];
  return typeof value === 'string' ? value : undefined;
}

export function flag(options: Options, name: string): boolean {
  return options[name] === true;
}

/** A whole number from `least` to `most`. */
export function countOption(
  options: Options,
  name: string,
  least = 1,
  most?: number,
): number | undefined {
  const text = textOption(options, name);
  return text === undefined ? undefined : wholeNumber(text, `--${name}`, least, most);
}

export function wholeNumber(
  text: string,
  place: string,
  least: number,
  most = Number.MAX_SAFE_INTEGER,
): number {
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  if (value >= least && value <= most) return value;
  const to = most === Number.MAX_SAFE_INTEGER ? '' : ` and at most ${most}`;
  const expected = `a whole number of at least ${least}${to}`;
  throw fail('input.value', place, { expected, got: JSON.stringify(text) });
}

/** The text of a duration, checked. */
export function durationOption(options: Options, name: string): string | undefined {
  const text = textOption(options, name);
  const ms = text === undefined ? 1 : parseDuration(text);
  if (ms !== undefined && ms > 0) return text;
  throw fail('input.value', `--${name}`, {
    expected: 'a duration such as 90s, 30m or 1h30m',
    got: JSON.stringify(text),
  });
}

export function oneOf<T extends string>(text: string, place: string, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === text);
  if (found !== undefined) return found;
  throw fail('input.value', place, {
    expected: `one of ${choices.join(', ')}`,
    got: JSON.stringify(text),
  });
}
