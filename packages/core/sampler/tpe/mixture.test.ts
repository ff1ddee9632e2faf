import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { randomStream } from '../../numerics/random-stream.ts';
import { axisOf } from '../../space/axis.ts';
import type { Parameter } from '../../space/study-spec.ts';
import { createMixture, type Mixture } from './mixture.ts';

const parameters: Parameter[] = [
  { name: 'float', type: 'float', low: -2, high: 3, log: false },
  { name: 'log float', type: 'float', low: 1e-3, high: 10, log: true },
  { name: 'stepped', type: 'float', low: 0, high: 2, step: 0.25, log: false },
  { name: 'int', type: 'int', low: 1, high: 9, step: 1, log: false },
  { name: 'log int', type: 'int', low: 1, high: 12, step: 1, log: true },
  { name: 'categorical', type: 'categorical', choices: ['a', 'b', 'c', 'd'] },
  { name: 'ordinal', type: 'ordinal', choices: [1, 2, 4, 8] },
  {
    name: 'informed float',
    type: 'float',
    low: 0,
    high: 1,
    log: false,
    prior: { mean: 0.9, sd: 0.1 },
  },
  { name: 'informed choice', type: 'boolean', prior: { weights: [1, 4] } },
];

const cells = 20;
const asOptuna = { drawn: true, least: 0, newest: 512 };

/** An estimator of one parameter after `n` trials at the lower part of its range. */
function estimator(parameter: Parameter, n: number): Mixture {
  const mixture = createMixture([parameter], [0], asOptuna);
  const axis = axisOf(parameter);
  const stream = randomStream(1, n, 'parzen test');
  for (let trial = 0; trial < n; trial++) {
    mixture.insert(trial, Float64Array.of(axis.fromUnit(0.6 * stream.next())));
  }
  return mixture;
}

function density(mixture: Mixture, x: Float64Array): number {
  return mixture.logDensity(x, mixture.logPrior(x));
}

/** Midpoints of small pieces of the range with the width that the density is per; widths 1 for discrete kinds. */
function pieces(parameter: Parameter): { at: number; width: number }[] {
  const axis = axisOf(parameter);
  if (axis.cells !== Infinity) {
    return Array.from({ length: axis.cells }, (_, k) => ({ at: axis.atCell(k), width: 1 }));
  }
  const fine = 100 * cells;
  const onScale = (u: number) => {
    const x = axis.fromUnit(u);
    return 'log' in parameter && parameter.log ? Math.log(x) : x;
  };
  const width = (onScale(1) - onScale(0)) / fine;
  return Array.from({ length: fine }, (_, k) => ({ at: axis.fromUnit((k + 0.5) / fine), width }));
}

describe('a Parzen estimator', () => {
  for (const parameter of parameters) {
    for (const n of [0, 1, 2, 40]) {
      const model = estimator(parameter, n);
      const masses = pieces(parameter).map(({ at, width }) => {
        return Math.exp(density(model, Float64Array.of(at))) * width;
      });

      test(`${parameter.name}, ${n} trials: the density sums to 1`, () => {
        expect(masses.reduce((sum, mass) => sum + mass, 0)).toBeCloseTo(1, 4);
      });

      test(`${parameter.name}, ${n} trials: draws follow the density, by chi-square`, () => {
        const groups = Math.min(masses.length, cells);
        const axis = axisOf(parameter);
        const group = (piece: number) => Math.floor((piece * groups) / masses.length);
        const expected = new Float64Array(groups);
        masses.forEach((mass, piece) => (expected[group(piece)]! += mass));
        const counts = new Float64Array(groups);
        const stream = randomStream(2, n, parameter.name);
        const draws = 3000;
        for (let i = 0; i < draws; i++) {
          const x = new Float64Array(1);
          model.sample(stream, [x]);
          const piece =
            axis.cells === Infinity ? axis.toUnit(x[0]!) * masses.length : axis.cellFrom(x[0]!);
          counts[Math.min(groups - 1, group(piece))]! += 1;
        }
        const chi2 = expected.reduce((sum, share, cell) => {
          return sum + (counts[cell]! - draws * share) ** 2 / (draws * share);
        }, 0);
        // Wilson and Hilferty's approximation of the quantile 1 − 1e-5.
        const freedom = groups - 1;
        const spread = 2 / (9 * freedom);
        expect(chi2).toBeLessThan(freedom * (1 - spread + 4.265 * Math.sqrt(spread)) ** 3);
      });
    }
  }
});

const block = parameters.map((_, i) => i);
const axes = parameters.map(axisOf);

/** Some lawful point; the same for the same number. */
function point(number: number): Float64Array {
  const stream = randomStream(7, number, 'point');
  return Float64Array.from(axes, (axis) => axis.fromUnit(stream.next()));
}

function mixtureOf(trials: readonly number[], role = asOptuna): Mixture {
  const mixture = createMixture(parameters, block, role);
  for (const trial of trials) mixture.insert(trial, point(trial % 150));
  return mixture;
}

test('what was inserted and removed, and when, leaves no trace: not in a single bit', () => {
  const steps = fc.array(fc.nat(200), { minLength: 1, maxLength: 400 });
  // With few of the newest most of the others stand for several.
  const newest = fc.constantFrom(8, 512);
  fc.assert(
    fc.property(steps, fc.nat(), newest, (trials, at, newest) => {
      const role = { ...asOptuna, newest };
      const mixture = createMixture(parameters, block, role);
      const present = new Set<number>();
      const x = point(at);
      for (const trial of trials) {
        if (present.delete(trial)) {
          mixture.remove(trial);
        } else {
          present.add(trial);
          mixture.insert(trial, point(trial % 150));
        }
        // Now and then it is asked in between.
        if (trial % 5 === 0) density(mixture, x);
      }
      const fresh = mixtureOf(
        [...present].sort((a, b) => a - b),
        role,
      );
      expect(density(mixture, x)).toBe(density(fresh, x));
    }),
    { numRuns: 40 },
  );
});

test('a coarse density is below the fine one by less than its error, or enough', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 300 }), fc.nat(), fc.nat(), (n, at, first) => {
      const role = { drawn: false, least: at % 2 === 0 ? 0 : 0.2, newest: 512 };
      const mixture = mixtureOf(
        Array.from({ length: n }, (_, trial) => trial),
        role,
      );
      if (at % 3 === 0) mixture.weigh((trial) => 0.1 + (trial % 40) / 10);
      const x = point(at % 400);
      const logPrior = mixture.logPrior(x);
      const fine = mixture.logDensity(x, logPrior);
      const rounding = 1e-9;
      for (const error of [1e-6, 0.05, 1]) {
        const found = mixture.logDensity(x, logPrior, { error, first: first % n });
        expect(found).toBeLessThanOrEqual(fine + rounding);
        expect(found).toBeGreaterThanOrEqual(fine - error - rounding);
        const enough = fine - 3;
        const sooner = mixture.logDensity(x, logPrior, { error, enough });
        expect(sooner).toBeLessThanOrEqual(fine + rounding);
        expect(sooner).toBeGreaterThanOrEqual(Math.min(enough, fine - error) - rounding);
      }
    }),
    { numRuns: 40 },
  );
});

test.each([1, 2, 64])(
  'a sample of the old kernels stands for all, with one trial in %i active',
  (every) => {
    const float = parameters[0]!;
    const stream = randomStream(3, 0, 'many');
    const places = Array.from({ length: 6000 }, () => axisOf(float).fromUnit(stream.next() ** 2));
    const mixture = createMixture([float], [0], { drawn: false, least: 0, newest: 512 });
    places.forEach((at, i) => mixture.insert(every * i + every - 1, Float64Array.of(at)));
    // The places are squares of even draws; a tenth of the range is left out at the steep end.
    const points = Array.from({ length: 90 }, (_, i) => 0.105 + i / 100);
    const ratios = points.map((u) => {
      const found = Math.exp(density(mixture, Float64Array.of(axisOf(float).fromUnit(u))));
      return found / (1 / (2 * Math.sqrt(u)) / 5);
    });
    const mean = ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length;
    expect(mean).toBeGreaterThan(0.9);
    expect(mean).toBeLessThan(1.1);
  },
);

test('no kernel is narrower than asked for, and weights say which kernels make the draws', () => {
  const float = parameters[0]!;
  const mixture = createMixture([float], [0], { drawn: true, least: 0.5, newest: 512 });
  const places = [-1.9, -1.8, 2.9];
  places.forEach((at, trial) => mixture.insert(trial, Float64Array.of(at)));
  // Of a kernel at the end of the range that is half as wide as it, 5 % reach the last fifth.
  mixture.weigh((trial) => (trial === 0 ? 1e6 : 1e-6));
  const stream = randomStream(4, 0, 'widths');
  const draws = Array.from({ length: 2000 }, () => {
    const x = new Float64Array(1);
    expect(mixture.sample(stream, [x])[0]).toBe(0);
    return x[0]!;
  });
  const far = draws.filter((x) => x > 2).length / draws.length;
  expect(far).toBeGreaterThan(0.04);
  expect(far).toBeLessThan(0.11);
});
