import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FleetuneError } from '@fleetune/core';
import { parseStudyText } from './parse-study-text.ts';

const parse = (text: string) => parseStudyText(text, 'study.yaml');

test('JSON is read as it is', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue(), { noNullPrototype: true }), (value) => {
      const text = JSON.stringify({ ...value, name: 'x' }, null, 2);
      expect(parse(text).raw).toEqual(JSON.parse(text));
    }),
  );
});

test('words that older YAML took for something else stay words', () => {
  const text = 'choices: [yes, no, on, off, 2024-01-01, 12:30:00, 1_000, 0o17, 1e-5, .inf, 010]';
  expect(parse(text).raw).toEqual({
    choices: ['yes', 'no', 'on', 'off', '2024-01-01', '12:30:00', '1_000', 15, 1e-5, Infinity, 10],
  });
});

test('anchors are read, and a bomb of them is refused', () => {
  expect(parse('a: &one { low: 1 }\nb: *one').raw).toEqual({ a: { low: 1 }, b: { low: 1 } });
  const levels = Array.from({ length: 12 }, (_, i) => {
    const before = Array.from({ length: 9 }, () => `*a${i}`).join(', ');
    return `a${i + 1}: &a${i + 1} [${before}]`;
  });
  expect(codeOf(['a0: &a0 [x]', ...levels].join('\n'))).toBe('study-file.syntax');
});

describe('a broken text is refused with its place', () => {
  test.each([
    ['a: 1\na: 2', 'study-file.repeated-key', 'study.yaml:2:1'],
    ['space:\n  lr: 1\n  "lr": 2', 'study-file.repeated-key', 'study.yaml:3:3'],
    ['{"a": 1, "a": 2}', 'study-file.repeated-key', 'study.yaml:1:10'],
    ['a: [1\nb: 2', 'study-file.syntax', 'study.yaml:2:1'],
    ['a:\n\tb: 1', 'study-file.syntax', 'study.yaml:2:1'],
    ['a: "open', 'study-file.syntax', 'study.yaml:1:9'],
    ['a: !!js/function x', 'study-file.syntax', 'study.yaml:1:4'],
    ['? [a, b]\n: 1', 'study-file.syntax', 'study.yaml:1:3'],
    ['a: 1\n---\nb: 2', 'study-file.syntax', 'study.yaml:2:1'],
    ['a: *nobody', 'study-file.syntax', 'study.yaml'],
    ['', 'study-file.empty', 'study.yaml'],
    ['# only a comment\n', 'study-file.empty', 'study.yaml'],
  ])('%j', (text, code, place) => {
    const error = thrown(text);
    expect(error.code).toBe(code);
    expect(error.info.place).toBe(place);
  });
});

test('any text is data or one error of the table', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      try {
        parse(text);
      } catch (error) {
        expect(error).toBeInstanceOf(FleetuneError);
      }
    }),
  );
});

test('a place of the data is found in the text', () => {
  const { locate } = parse(
    ['space:', '  lr: { type: float, low: 2 }', 'command:', '  - python3', '  - train.py'].join(
      '\n',
    ),
  );
  expect(locate('space.lr.low')).toBe('study.yaml:2:27');
  expect(locate('space.lr.high')).toBe('study.yaml:2:3');
  expect(locate('command[1]')).toBe('study.yaml:5:5');
  expect(locate('objective')).toBe('study.yaml:1:1');
});

function codeOf(text: string): string {
  return thrown(text).code;
}

function thrown(text: string): FleetuneError {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof FleetuneError) return error;
    throw error;
  }
  throw new Error('no error was thrown');
}
