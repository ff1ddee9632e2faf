import { expect, test } from 'vitest';
import { randomStream } from './random-stream.ts';

const draw = (n: number, seed: number, trial: number, purpose: string): number[] => {
  const stream = randomStream(seed, trial, purpose);
  return Array.from({ length: n }, () => stream.next());
};

test('equal keys give equal streams', () => {
  expect(draw(9, 7, 3, 'a')).toEqual(draw(9, 7, 3, 'a'));
});

test('seed, trial and purpose each change the whole stream, above 32 bits too', () => {
  const keys: [number, number, string][] = [
    [7, 3, 'a'],
    [8, 3, 'a'],
    [7 + 2 ** 32, 3, 'a'],
    [7, 4, 'a'],
    [7, 3 + 2 ** 32, 'a'],
    [7, 3, 'b'],
  ];
  const all = keys.flatMap((key) => draw(50, ...key));
  expect(new Set(all).size).toBe(all.length);
});

test('next is uniform in [0, 1) by chi-square', () => {
  const bins = new Array<number>(100).fill(0);
  const n = 50_000;
  const numbers = draw(n, 1, 0, 'uniform');
  expect(numbers.every((u) => u >= 0 && u < 1)).toBe(true);
  for (const u of numbers) bins[Math.floor(u * 100)]! += 1;
  const chi2 = bins.reduce((sum, count) => sum + (count - n / 100) ** 2 / (n / 100), 0);
  // The 0.001 quantile from above of chi-square with 99 degrees of freedom.
  expect(chi2).toBeLessThan(148.2);
});

test('successive numbers and successive trials are uncorrelated', () => {
  const n = 20_000;
  const pairs = Array.from({ length: n }, (_, trial) => draw(2, 5, trial, 'pairs'));
  const firsts = pairs.map((pair) => pair[0]!);
  const within = pairs.reduce((sum, [a, b]) => sum + (a! - 0.5) * (b! - 0.5), 0) / n;
  const between =
    firsts.slice(1).reduce((sum, b, i) => sum + (firsts[i]! - 0.5) * (b - 0.5), 0) / n;
  // Each has mean 0 and standard deviation 1 / (12 sqrt n); four of them.
  const limit = 4 / (12 * Math.sqrt(n));
  expect(Math.abs(within)).toBeLessThan(limit);
  expect(Math.abs(between)).toBeLessThan(limit);
});

test('normal numbers have mean 0, variance 1 and the tails of a normal', () => {
  const stream = randomStream(3, 0, 'normal');
  const n = 40_000;
  let sum = 0;
  let squares = 0;
  let beyondTwo = 0;
  for (let i = 0; i < n; i++) {
    const x = stream.normal();
    sum += x;
    squares += x * x;
    if (Math.abs(x) > 2) beyondTwo++;
  }
  expect(Math.abs(sum / n)).toBeLessThan(4 / Math.sqrt(n));
  expect(Math.abs(squares / n - 1)).toBeLessThan(4 * Math.sqrt(2 / n));
  expect(Math.abs(beyondTwo / n - 0.0455)).toBeLessThan(4 * Math.sqrt(0.0455 / n));
});

test('fill gives the numbers that next would give, from any place on', () => {
  const stream = randomStream(7, 3, 'fill');
  const found: number[] = [];
  for (const count of [3, 0, 1, 4, 5, 1, 1, 2, 8, 0, 7]) {
    const values = new Float64Array(count);
    stream.fill(values);
    found.push(...values, stream.next());
  }
  expect(found).toEqual(draw(found.length, 7, 3, 'fill'));
});

test('int covers 0 … n − 1 and nothing else', () => {
  const stream = randomStream(3, 0, 'int');
  const seen = new Set(Array.from({ length: 500 }, () => stream.int(7)));
  expect([...seen].sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
});
