import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fixture } from '../test/fixtures/lbfgs.ts';
import { lbfgs, type Objective } from './lbfgs.ts';
import { randomStream } from './random-stream.ts';

const rosenbrock: Objective = (x, gradient) => {
  let value = 0;
  gradient.fill(0);
  for (let i = 0; i + 1 < x.length; i++) {
    const bend = x[i + 1]! - x[i]! ** 2;
    value += 100 * bend ** 2 + (1 - x[i]!) ** 2;
    gradient[i]! += -400 * x[i]! * bend - 2 * (1 - x[i]!);
    gradient[i + 1]! += 200 * bend;
  }
  return value;
};

const beale: Objective = (x, gradient) => {
  const [a, b] = [x[0]!, x[1]!];
  let value = 0;
  gradient.fill(0);
  [1.5, 2.25, 2.625].forEach((target, i) => {
    const power = i + 1;
    const rest = target - a + a * b ** power;
    value += rest * rest;
    gradient[0]! += 2 * rest * (b ** power - 1);
    gradient[1]! += 2 * rest * a * power * b ** (power - 1);
  });
  return value;
};

const functions = { rosenbrock, beale };
const precise = { iterations: 1000, tolerance: 1e-8 };

describe('agreement with the L-BFGS-B of SciPy', () => {
  test.each(fixture.cases)('$name from $start below $high: the same minimum', (given) => {
    const found = lbfgs(functions[given.name], given.start, given, precise);
    // At the limit of rounding no step is an improvement.
    expect(['converged', 'stalled']).toContain(found.end);
    expect(found.value - given.value).toBeLessThan(1e-12);
    found.x.forEach((x, i) => expect(Math.abs(x - given.x[i]!)).toBeLessThan(1e-5));
    // It is another method: it may need more evaluations, but not many more.
    if (given.evaluations !== null) {
      expect(found.evaluations).toBeLessThan(1.5 * given.evaluations + 10);
    }
  });
});

/** ½ (x − c)ᵀ A (x − c) with A = B Bᵀ + I. */
function bowl(n: number, seed: number): Objective {
  const stream = randomStream(seed, n, 'bowl');
  const b = Array.from({ length: n }, () => Array.from({ length: n }, () => stream.normal()));
  const centre = Array.from({ length: n }, () => 2 * stream.normal());
  return (x, gradient) => {
    const z = x.map((xi, i) => xi - centre[i]!);
    const bz = b.map((_, k) => z.reduce((sum, zi, i) => sum + zi * b[i]![k]!, 0));
    z.forEach((zi, i) => {
      gradient[i] = zi + bz.reduce((sum, one, k) => sum + b[i]![k]! * one, 0);
    });
    return z.reduce((sum, zi, i) => sum + 0.5 * zi * gradient[i]!, 0);
  };
}

describe('a convex bowl in any box', () => {
  const bounds = fc.array(
    fc.tuple(fc.constantFrom(-Infinity, -3, -1, 0, 0.5), fc.constantFrom(0.5, 1, 3, Infinity)),
    { minLength: 1, maxLength: 12 },
  );

  test('is left where no variable can improve: the conditions of Karush, Kuhn and Tucker', () => {
    fc.assert(
      fc.property(bounds, fc.nat(1e6), (bounds, seed) => {
        const [low, high] = [bounds.map(([at]) => at), bounds.map(([, at]) => at)];
        const objective = bowl(bounds.length, seed);
        const start = bounds.map(() => 10);
        const { x, end } = lbfgs(objective, start, { low, high }, precise);
        expect(['converged', 'stalled']).toContain(end);
        const g = new Float64Array(x.length);
        objective(x, g);
        x.forEach((xi, i) => {
          expect(xi).toBeGreaterThanOrEqual(low[i]!);
          expect(xi).toBeLessThanOrEqual(high[i]!);
          // As near to a bound as the tolerance is at it.
          if (xi > low[i]! + precise.tolerance) expect(g[i]).toBeLessThan(1e-5);
          if (xi < high[i]! - precise.tolerance) expect(g[i]).toBeGreaterThan(-1e-5);
        });
      }),
    );
  });
});

describe('lbfgs', () => {
  const box = { low: [-10, -10], high: [10, 10] };

  test('never leaves the box, nor rises', () => {
    const values: number[] = [];
    const inside: Objective = (x, gradient) => {
      expect(x.every((xi) => Math.abs(xi) <= 1.5)).toBe(true);
      return rosenbrock(x, gradient);
    };
    for (let iterations = 0; iterations < 12; iterations++) {
      const tight = { low: [-1.5, -1.5], high: [1.5, 1.5] };
      values.push(lbfgs(inside, [-9, 9], tight, { iterations, tolerance: 0 }).value);
    }
    expect(values).toEqual(values.toSorted((a, b) => b - a));
  });

  test('backs off from places without a value', () => {
    const walled: Objective = (x, gradient) => {
      gradient.set([1 - 1 / x[0]!, 2 * x[1]!]);
      // NaN left of 0.
      return x[0]! - Math.log(x[0]!) + x[1]! ** 2;
    };
    const { x, end } = lbfgs(walled, [0.01, 3], box, precise);
    expect(end).toBe('converged');
    expect(x[0]).toBeCloseTo(1, 6);
    expect(x[1]).toBeCloseTo(0, 6);
  });

  test('says when there is no value to start from, nothing to do, or nothing more to gain', () => {
    const none: Objective = () => NaN;
    expect(lbfgs(none, [1, 1], box, precise)).toMatchObject({ end: 'invalid', evaluations: 1 });
    const still = lbfgs(rosenbrock, [1, 1], box, precise);
    expect(still).toMatchObject({ end: 'converged', iterations: 0 });
    const point = { low: [2, 3], high: [2, 3] };
    expect(lbfgs(rosenbrock, [0, 0], point, precise)).toMatchObject({ end: 'converged' });
    const wrong: Objective = (x, gradient) => {
      gradient.fill(-1);
      return x[0]! + x[1]!;
    };
    expect(lbfgs(wrong, [0, 0], box, precise).end).toBe('stalled');
    expect(lbfgs(rosenbrock, [-5, 5], box, { ...precise, iterations: 3 }).end).toBe('iterations');
  });
});
