import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Schema } from './schema.ts';
import { walkSchema } from './schema-walker.ts';
import { studyFileSchema } from './study-file-schema.ts';

const cat: Schema = {
  type: 'object',
  properties: {
    name: { type: 'string', pattern: '^[a-z]+$', patternErrorMessage: 'small letters' },
    lives: { type: 'integer', minimum: 0, maximum: 9 },
    toys: { type: 'array', items: { type: 'string' }, uniqueItems: true },
  },
  required: ['name', 'lives'],
  additionalProperties: false,
};

function told(schema: Schema, value: unknown): string[] {
  return walkSchema(schema, value, 'cat').map(({ place, message }) => `${place}: ${message}`);
}

test('every mistake has its own place', () => {
  expect(told(cat, { name: 'Tom', lives: 10, toys: ['a', 1] })).toEqual([
    'cat.name: must be small letters, got "Tom"',
    'cat.lives: must be at most 9, got 10',
    'cat.toys[1]: must be a text, got 1',
  ]);
  expect(told(cat, {})).toEqual(['cat.name: is missing', 'cat.lives: is missing']);
  expect(told(cat, [])).toEqual(['cat: must be an object, got an empty list']);
});

test('a misspelt key is not also missing', () => {
  expect(told(cat, { nmae: 'tom', lives: 1 })).toEqual([
    'cat.nmae: is not a known key; did you mean "name"?',
  ]);
});

test('keys with other characters are quoted in the place', () => {
  const open: Schema = { type: 'object', additionalProperties: { type: 'number' } };
  expect(told(open, { 'a b': 'x' })).toEqual(['cat["a b"]: must be a number, got "x"']);
});

test('long values are cut', () => {
  expect(told({ type: 'number' }, 'x'.repeat(500))[0]!.length).toBeLessThan(100);
});

test('inherited names of objects are unknown keys', () => {
  const value = JSON.parse('{"name":"a","lives":1,"constructor":1,"__proto__":2}');
  expect(told(cat, value).map((text) => text.split(':')[0])).toEqual([
    'cat.constructor',
    'cat.__proto__',
  ]);
});

test('no value breaks the walker', () => {
  const keys = Object.keys(studyFileSchema.properties!);
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom(null, true, 0, -1, 1.5, NaN, '', 'auto', 'float', undefined),
      fc.array(tie('any'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom('type', 'low', 'x', 'regex', ...keys), tie('any')),
    ),
  })).any;
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...keys), value), (file) => {
      for (const { place, message } of walkSchema(studyFileSchema, file, '')) {
        expect(place).not.toBe('');
        expect(message).not.toContain('undefined');
      }
    }),
  );
});
