import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FleetuneError } from '@fleetune/core';
import { parseParameterFlag, type ParameterFlag } from './parameter-flag.ts';

const name = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_.]{0,10}$/);
const bounds = (number: fc.Arbitrary<number>) =>
  fc.tuple(number, number).filter(([low, high]) => low < high);
const range = fc
  .tuple(
    fc.boolean(),
    fc.boolean(),
    bounds(fc.double({ min: 1e-300, max: 1e300, noNaN: true })),
    bounds(fc.integer({ min: 1 })),
  )
  .map(([int, log, floats, ints]) => {
    const [low, high] = int ? ints : floats;
    return { type: int ? ('int' as const) : ('float' as const), low, high, log };
  });
const choice = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) => !Object.is(value, -0)),
  fc.boolean(),
  fc.constantFrom('true', '12', '1..2', 'a,b', ' x', '"', 'log:1..2', '..'),
);
const choices = fc
  .uniqueArray(choice, { minLength: 2, maxLength: 6 })
  .map((list) => ({ type: 'categorical' as const, choices: list }));
const flag = fc
  .tuple(name, fc.oneof(range, choices))
  .map(([it, domain]) => ({ name: it, ...domain }) as ParameterFlag);

test('what is written as the grammar says is read back', () => {
  fc.assert(
    fc.property(flag, (one) => {
      expect(parseParameterFlag(print(one))).toEqual(one);
    }),
  );
});

test.each<[string, object]>([
  ['lr=log:1e-5..1e-1', { name: 'lr', type: 'float', low: 1e-5, high: 0.1, log: true }],
  ['units=int:16..512', { name: 'units', type: 'int', low: 16, high: 512, log: false }],
  ['units=logint:16..512', { name: 'units', type: 'int', low: 16, high: 512, log: true }],
  ['x=0..1', { name: 'x', type: 'float', low: 0, high: 1, log: false }],
  ['x=-1.5..-.5', { name: 'x', type: 'float', low: -1.5, high: -0.5, log: false }],
  ['act=relu,gelu', { name: 'act', type: 'categorical', choices: ['relu', 'gelu'] }],
  ['b=16, 32', { name: 'b', type: 'categorical', choices: [16, 32] }],
  ['v="16",true', { name: 'v', type: 'categorical', choices: ['16', true] }],
  ['p=a:b,c', { name: 'p', type: 'categorical', choices: ['a:b', 'c'] }],
])('%s', (text, parameter) => {
  expect(parseParameterFlag(text)).toEqual(parameter);
});

test.each([
  ['lr', 'no "="'],
  ['=0..1', '"" is no name'],
  ['1x=0..1', '"1x" is no name'],
  ['lr=', 'nothing after'],
  ['lr=1..0', '1 is not below 0'],
  ['lr=1..1', '1 is not below 1'],
  ['lr=0..', 'two numbers'],
  ['lr=0..1..2', 'two numbers'],
  ['lr=0..x', 'two numbers'],
  ['lr=0..Infinity', 'two numbers'],
  ['lr=log:0..1', 'above 0'],
  ['lr=exp:1..2', '"exp" is no scale'],
  ['lr=:1..2', '"" is no scale'],
  ['n=int:0.5..2', 'whole numbers'],
  ['act=relu', 'at least two'],
  ['act=relu,,gelu', 'a choice is empty'],
  ['act=relu,', 'a choice is empty'],
  ['act=relu,relu', 'there twice'],
  ['act="relu,gelu', 'quotes go around'],
  ['act=1..2,"x', 'quotes go around'],
  ['act="re"lu,gelu', 'quotes go around'],
  ['act="\\x",gelu', 'no JSON string'],
])('%s is refused: %s', (text, problem) => {
  const error = thrown(() => parseParameterFlag(text));
  expect(error.code).toBe('cli.param');
  expect(error.info.place).toBe(`--param ${text}`);
  expect(error.info.message).toContain(problem);
});

test('any text is a parameter or one error', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      try {
        parseParameterFlag(`x=${text}`);
      } catch (error) {
        expect(error).toBeInstanceOf(FleetuneError);
      }
    }),
  );
});

function print(flag: ParameterFlag): string {
  if (flag.type === 'categorical') {
    return `${flag.name}=${flag.choices.map(printChoice).join(',')}`;
  }
  const scale = `${flag.log ? 'log' : ''}${flag.type === 'int' ? 'int' : ''}`;
  return `${flag.name}=${scale}${scale === '' ? '' : ':'}${flag.low}..${flag.high}`;
}

function printChoice(choice: string | number | boolean): string {
  if (typeof choice !== 'string') return String(choice);
  const plain = !/[",\\]|\.\.|^\s|\s$/.test(choice) && choice !== '';
  const word = /^(true|false|[-+.\d].*)$/.test(choice);
  return plain && !word ? choice : JSON.stringify(choice);
}

function thrown(action: () => unknown): FleetuneError {
  try {
    action();
  } catch (error) {
    if (error instanceof FleetuneError) return error;
  }
  throw new Error('no error of the table was thrown');
}
