import { describe, expect, test } from 'vitest';
import { randomStream } from '../../numerics/random-stream.ts';
import { axisOf } from '../../space/axis.ts';
import { searchSpace } from '../../space/search-space.ts';
import type { Parameter } from '../../space/study-spec.ts';
import { blocksOf } from './dimension.ts';
import { parzen, type Parzen } from './parzen.ts';

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

/** An estimator of one parameter after `n` trials at the lower part of its range. */
function estimator(parameter: Parameter, n: number): Parzen {
  const [dimensions] = blocksOf(searchSpace([parameter], []));
  const axis = axisOf(parameter);
  const stream = randomStream(1, n, 'parzen test');
  const column = Float64Array.from({ length: n }, () => axis.fromUnit(0.6 * stream.next()));
  return parzen(dimensions!, [column]);
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
        return Math.exp(model.logDensity(Float64Array.of(at))) * width;
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
          model.sample(stream, x);
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
