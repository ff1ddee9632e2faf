import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FleetuneError } from '../errors/index.ts';
import { compileConstraint } from './constraint.ts';
import type { Parameter } from './study-spec.ts';

const range = { low: -100, high: 100, log: false } as const;
const parameters: Parameter[] = [
  { name: 'a', type: 'float', ...range },
  { name: 'b', type: 'float', ...range },
  { name: 'opt.n', type: 'int', ...range, step: 1 },
  { name: 'solver', type: 'categorical', choices: ['adam', 'sgd'] },
  { name: 'batch', type: 'ordinal', choices: [16, 32] },
  { name: 'flag', type: 'boolean' },
  { name: 'mixed', type: 'categorical', choices: [1, 'auto', null] },
];

/** Coordinates; the first of each choice unless named. */
function at(values: Record<string, number> = {}): Float64Array {
  return Float64Array.from(parameters, ({ name }) => values[name] ?? 0);
}

function violation(text: string, values?: Record<string, number>): number {
  return compileConstraint(text, parameters, 'constraints[0]')(at(values));
}

function holds(text: string, values?: Record<string, number>): boolean {
  return violation(text, values) === 0;
}

test.each([
  ['1 + 2 * 3 == 7'],
  ['(1 + 2) * 3 == 9'],
  ['2 ** 3 ** 2 == 512'],
  ['-2 ** 2 == -4'],
  ['2 ** -1 == 0.5'],
  ['7 - 2 - 1 == 4'],
  ['12 / 3 / 2 == 2'],
  ['-7 % 3 == 2'],
  ['7 % -3 == -2'],
  ['1e3 == 1000 and .5 == 0.5 and 1. == 1 and 2E-1 == 0.2'],
  ['abs(-3) == 3 and min(3, 1, 2) == 1 and max(1, 2) == 2'],
  ['log(exp(2)) == 2 and sqrt(9) == 3 and floor(1.5) == 1 and ceil(1.5) == 2'],
  ['1 < 2 < 3 and not 1 < 3 < 2'],
  ['not 1 > 2 or 1 > 2'],
  ['true and not false'],
  ['not (1 > 2 and 3 > 2)'],
  ['0.1 + 0.2 == 0.3'],
  ["'a' != 'b'"],
  ['- - 1 == 1'],
  ['(1 < 2) == true'],
])('%s', (text) => expect(holds(text)).toBe(true));

test('parameters are their values: numbers, choices, true and false', () => {
  expect(holds('a < b', { a: 1, b: 2 })).toBe(true);
  expect(holds('a < b', { a: 2, b: 2 })).toBe(false);
  expect(holds('opt.n * 2 == 6', { 'opt.n': 3 })).toBe(true);
  expect(holds("solver == 'sgd'", { solver: 1 })).toBe(true);
  expect(holds('solver != "sgd"', { solver: 1 })).toBe(false);
  expect(holds('batch >= 32', { batch: 1 })).toBe(true);
  expect(holds('batch * 2 == 32', { batch: 0 })).toBe(true);
  expect(holds('flag or a > 1', { flag: 1 })).toBe(true);
  expect(holds('flag == false', { flag: 1 })).toBe(false);
  expect(holds('not flag', { flag: 0 })).toBe(true);
  expect(holds('mixed == null', { mixed: 2 })).toBe(true);
  expect(holds("mixed == 'auto' or mixed == 1", { mixed: 0 })).toBe(true);
});

test('one that names an inactive parameter holds', () => {
  expect(holds('a < b', { a: NaN, b: -5 })).toBe(true);
  expect(holds('not a < b', { a: 0, b: NaN })).toBe(true);
  expect(holds("solver == 'sgd' and a > 1", { solver: NaN })).toBe(true);
});

test('arithmetic without a result holds neither way', () => {
  for (const text of ['log(a) < 0', 'not log(a) < 0', 'log(a) == 0', 'log(a) != 0', 'a % 0 >= 0']) {
    expect(violation(text, { a: -1 }), text).toBe(Infinity);
  }
});

test('a constraint or its negation holds, never both', () => {
  const number = fc.integer({ min: -3, max: 3 });
  const sources = ['a < b', 'a <= b', 'a == b', 'a != b', 'a < b and b < opt.n', 'a > b or flag'];
  fc.assert(
    fc.property(fc.constantFrom(...sources), number, number, number, (text, a, b, n) => {
      const values = { a, b, 'opt.n': n };
      expect(holds(`not (${text})`, values)).toBe(!holds(text, values));
    }),
  );
});

test('the violation falls towards a lawful point', () => {
  expect(violation('a <= b', { a: 5, b: 1 })).toBe(4);
  expect(violation('a <= b', { a: 2, b: 1 })).toBe(1);
  expect(violation('a < b', { a: 1, b: 1 })).toBeGreaterThan(0);
  expect(violation('a <= b and b <= opt.n', { a: 5, b: 3, 'opt.n': 2 })).toBe(3);
  expect(violation('a <= b or b <= opt.n', { a: 5, b: 3, 'opt.n': 2 })).toBe(1);
});

function errorOf(text: string) {
  try {
    compileConstraint(text, parameters, 'constraints[0]');
  } catch (error) {
    if (error instanceof FleetuneError) return error.info;
    throw error;
  }
  throw new Error(`no error in ${text}`);
}

test.each([
  ['', 'constraint.syntax', 1],
  ['a <', 'constraint.syntax', 4],
  ['a < < b', 'constraint.syntax', 5],
  ['a < b)', 'constraint.syntax', 6],
  ['(a < b', 'constraint.syntax', 7],
  ['a = b', 'constraint.syntax', 3],
  ['a < 2 b', 'constraint.syntax', 7],
  ['a && b', 'constraint.syntax', 3],
  ["solver == 'sgd", 'constraint.syntax', 11],
  ['sin(a) < 1', 'constraint.syntax', 1],
  ['abs(a, b) < 1', 'constraint.syntax', 1],
  ['max(a) < 1', 'constraint.syntax', 1],
  ['max() < 1', 'constraint.syntax', 5],
  ['constructor(a) < 1', 'constraint.syntax', 1],
  ['a < +1', 'constraint.syntax', 5],
  ['a', 'constraint.type', 1],
  ['a + 1', 'constraint.type', 3],
  ['not a', 'constraint.type', 5],
  ['a < solver', 'constraint.type', 5],
  ["a + 'x' < 1", 'constraint.type', 5],
  ["a < 'x'", 'constraint.type', 5],
  ["a == 'x'", 'constraint.type', 6],
  ['flag < 1', 'constraint.type', 1],
  ['flag == 1', 'constraint.type', 9],
  ["solver == 'adm'", 'constraint.type', 11],
  ["'adm' != solver", 'constraint.type', 1],
  ['batch == 17', 'constraint.type', 10],
  ['(a < b) + 1 > 0', 'constraint.type', 4],
] as const)('%j is %s in column %i', (text, code, column) => {
  expect(errorOf(text)).toMatchObject({ code, place: 'constraints[0]', data: { column } });
});

test('an unknown parameter is named with the nearest one', () => {
  expect(errorOf('optn < 3')).toMatchObject({
    code: 'space.unknown-parameter',
    data: { name: 'optn', nearest: 'opt.n' },
  });
});

test('no text breaks the parser', () => {
  const piece = fc.constantFrom(
    'a',
    'b',
    '(',
    ')',
    '<',
    '-',
    '**',
    'not',
    'and',
    '1',
    "'",
    ',',
    '%',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(piece).map((list) => list.join(' ')),
      ),
      (text) => {
        try {
          expect(violation(text)).toBeGreaterThanOrEqual(0);
        } catch (error) {
          expect(error).toBeInstanceOf(FleetuneError);
        }
      },
    ),
    { numRuns: 500 },
  );
  expect(errorOf('('.repeat(5000)).code).toBe('constraint.syntax');
  expect(errorOf(`${'-'.repeat(5000)}1 < 2`).code).toBe('constraint.syntax');
  expect(errorOf(`${'not '.repeat(5000)}a < 2`).code).toBe('constraint.syntax');
});
