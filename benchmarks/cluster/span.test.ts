import { expect, it } from 'vitest';
import { readSpans, shareOfGreedy } from './span.ts';

const sleeps = [0.3, 0.1, 0.1, 0.2];

it('the share is the greedy schedule over the time from the first start to the last end', () => {
  const spans = readSpans('0 10.0 10.3\n1 10.0 10.1\n2 10.125 10.225\n3 10.25 10.5\n');
  expect(shareOfGreedy(spans, sleeps, 2)).toBeCloseTo(80);
});

it('of a tuner that was cut short, only the trials that ran count, in their order', () => {
  const spans = readSpans('3 1.0 1.2\n0 1.0 1.3\n');
  expect(shareOfGreedy(spans, sleeps, 2)).toBeCloseTo(100);
  expect(shareOfGreedy(spans, sleeps, 1)).toBeGreaterThan(100);
});
