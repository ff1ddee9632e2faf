// The grammar of `--param` (DESIGN §15.8):
//
//   NAME=[SCALE:]LOW..HIGH    float; SCALE is log, int or logint
//   NAME=CHOICE,CHOICE…     categorical; numbers, true and false are read as such
//
// A choice that holds a comma, or that would be read as something else, goes into double quotes as
// in JSON.

import { fail } from '@fleetune/core';

type Choice = string | number | boolean;

/** A parameter as the study file writes it. */
export type ParameterFlag = { name: string } & (Range | Choices);

interface Range {
  type: 'float' | 'int';
  low: number;
  high: number;
  log: boolean;
}

interface Choices {
  type: 'categorical';
  choices: Choice[];
}

const scales = {
  '': { type: 'float', log: false },
  log: { type: 'float', log: true },
  int: { type: 'int', log: false },
  logint: { type: 'int', log: true },
} as const;

const numberPattern = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;

export function parseParameterFlag(text: string): ParameterFlag {
  const place = `--param ${text}`;
  const equals = text.indexOf('=');
  if (equals < 0) throw wrong(place, 'there is no "=" after the name');
  const name = text.slice(0, equals);
  if (!/^[A-Za-z_][\w.]*$/.test(name)) {
    throw wrong(place, `"${name}" is no name: letters, digits, "_" and "." after a letter`);
  }
  const domain = text.slice(equals + 1);
  if (domain === '') throw wrong(place, 'there is nothing after the "="');
  return domain.includes('"') || !domain.includes('..')
    ? { name, type: 'categorical', choices: parseChoices(domain, place) }
    : { name, ...parseRange(domain, place) };
}

function parseRange(domain: string, place: string): Range {
  const colon = domain.indexOf(':');
  const scale = colon < 0 ? '' : domain.slice(0, colon);
  if (!Object.hasOwn(scales, scale) || (scale === '' && colon >= 0)) {
    throw wrong(place, `"${scale}" is no scale: log, int or logint`);
  }
  const bounds = domain.slice(colon + 1).split('..');
  const [low, high] = bounds.map(parseNumber);
  if (bounds.length !== 2 || low === undefined || high === undefined) {
    throw wrong(place, 'a range is two numbers with ".." between them');
  }
  const { type, log } = scales[scale as keyof typeof scales];
  if (type === 'int' && !(Number.isSafeInteger(low) && Number.isSafeInteger(high))) {
    throw wrong(place, 'the bounds of an int must be whole numbers');
  }
  if (!(low < high)) throw wrong(place, `${low} is not below ${high}`);
  if (log && low <= 0) throw wrong(place, 'a log scale needs bounds above 0');
  return { type, low, high, log };
}

function parseChoices(domain: string, place: string): Choice[] {
  const pattern = /\s*("(?:[^"\\]|\\.)*"|[^",]*?)\s*(,|$)/gy;
  const choices: Choice[] = [];
  let end = 0;
  for (let separator = ','; separator === ',';) {
    pattern.lastIndex = end;
    const match = pattern.exec(domain);
    if (match === null) throw wrong(place, 'quotes go around a whole choice');
    choices.push(parseChoice(match[1]!, place));
    separator = match[2]!;
    end = pattern.lastIndex;
  }
  const repeated = choices.find((choice, i) => choices.indexOf(choice) < i);
  if (repeated !== undefined) throw wrong(place, `the choice ${repeated} is there twice`);
  if (choices.length < 2)
    throw wrong(place, 'choices are at least two words with "," between them');
  return choices;
}

function parseChoice(word: string, place: string): Choice {
  if (word === '') throw wrong(place, 'a choice is empty');
  if (!word.startsWith('"')) {
    if (word === 'true' || word === 'false') return word === 'true';
    return parseNumber(word) ?? word;
  }
  try {
    return JSON.parse(word) as string;
  } catch {
    throw wrong(place, `${word} is no JSON string`);
  }
}

function parseNumber(text: string): number | undefined {
  const value = numberPattern.test(text) ? Number(text) : NaN;
  return Number.isFinite(value) ? value : undefined;
}

function wrong(place: string, problem: string): Error {
  return fail('cli.param', place, { problem });
}
