import { expect, test } from 'vitest';
import { nearest } from './nearest.ts';

test('the fewest edits win', () => {
  expect(nearest('trails', ['time', 'trials', 'target'])).toBe('trials');
  expect(nearest('lo', ['high', 'log', 'low'])).toBe('log');
  expect(nearest('Sampler', ['scheduler', 'sampler'])).toBe('sampler');
});

test('what shares less than half with it was not meant', () => {
  expect(nearest('x', [])).toBe('');
  expect(nearest('value', ['ca', 'db'])).toBe('');
  expect(nearest('vlue', ['ca', 'value'])).toBe('value');
});

test('two swapped letters are one edit', () => {
  expect(nearest('sdg', ['sad', 'sgd'])).toBe('sgd');
  expect(nearest('ab', ['xb', 'ba'])).toBe('xb');
});
