import { expect, test } from 'vitest';
import { createCurves } from './curves.ts';

const short = { steps: [1, 3], values: [1, 0.6] };
const near = { steps: [1, 3, 9], values: [1, 0.5, 0.2] };
const far = { steps: [1, 3, 9], values: [2, 1.5, 1.4] };

test('a curve is what was reported, and straight in between', () => {
  const { at } = createCurves([short, near, far]);
  expect(at(near, 3)).toBe(0.5);
  expect(at(near, 6)).toBeCloseTo(0.35);
  expect(at(near, 0.5)).toBe(1);
});

test('beyond its end it goes on as the nearest of those that went further', () => {
  const { at } = createCurves([short, near, far]);
  expect(at(short, 9)).toBeCloseTo(0.6 - 0.3);
  expect(at(short, 6)).toBeCloseTo(0.6 - 0.15);
});

test('where nobody went further it stays as it is', () => {
  const { at } = createCurves([short, near]);
  expect(at(near, 27)).toBe(0.2);
});

test('the spread is that of the last values', () => {
  expect(createCurves([near, far]).spread).toBeCloseTo(0.6);
  expect(createCurves([near]).spread).toBe(0);
});
