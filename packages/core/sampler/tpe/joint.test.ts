import { expect, test } from 'vitest';
import { randomStream } from '../../numerics/random-stream.ts';
import type { Parameter } from '../../space/study-spec.ts';
import { jointLogDensity, sampleJoint } from './joint.ts';
import { createMixture, type Mixture } from './mixture.ts';

const when = { arm: 1 };
const parameters: Parameter[] = [
  { name: 'x', type: 'float', low: 0, high: 1, log: false },
  { name: 'arm', type: 'categorical', choices: [0, 1] },
  { name: 'y', type: 'float', low: 0, high: 1, log: false, when },
  { name: 'z', type: 'int', low: 1, high: 3, step: 1, log: false, when },
];
const role = { drawn: true, least: 0, newest: 512 };
const ended = [
  [0.1, 1, 0.1, 1],
  [0.12, 1, 0.1, 1],
  [0.15, 1, 0.15, 2],
  [0.9, 1, 0.85, 3],
  [0.85, 1, 0.9, 3],
  [0.5, 0, NaN, NaN],
  [0.55, 0, NaN, NaN],
];

function blocks(): [root: Mixture, child: Mixture] {
  const root = createMixture(parameters, [0, 1], role);
  const child = createMixture(parameters, [2, 3], role);
  ended.forEach((x, trial) => {
    root.insert(trial, Float64Array.from(x));
    if (x[1] === 1) child.insert(trial, Float64Array.from(x));
  });
  return [root, child];
}

const [root, child] = blocks();

function density(...x: readonly [x: number, arm: number, y: number, z: number]): number {
  return Math.exp(jointLogDensity(root, x[1] === 1 ? [child] : [], Float64Array.from(x)));
}

const cells = Array.from({ length: 40 }, (_, i) => (i + 0.5) / 40);

/** Mass of arm 1 by thirds of x and thirds of y, and of arm 0 at last. */
function masses(): number[] {
  const found = new Array<number>(10).fill(0);
  for (const x of cells) {
    found[9]! += density(x, 0, NaN, NaN) / 40;
    for (const y of cells) {
      for (const z of [1, 2, 3]) found[third(x) * 3 + third(y)]! += density(x, 1, y, z) / 1600;
    }
  }
  return found;
}

function third(x: number): number {
  return Math.min(2, Math.floor(3 * x));
}

test('the density of whole trials sums to 1 over all branches', () => {
  expect(masses().reduce((sum, mass) => sum + mass, 0)).toBeCloseTo(1, 2);
});

test('draws follow the density of whole trials, by chi-square', () => {
  const expected = masses();
  const counts = new Array<number>(10).fill(0);
  const stream = randomStream(1, 1, 'joint');
  const draws = 4000;
  for (let i = 0; i < draws; i++) {
    const x = new Float64Array(4).fill(NaN);
    sampleJoint(root, () => (x[1] === 1 ? [child] : []), stream, x);
    expect(Number.isNaN(x[3]!)).toBe(x[1] === 0);
    counts[x[1] === 0 ? 9 : third(x[0]!) * 3 + third(x[2]!)]! += 1;
  }
  const chi2 = expected.reduce((sum, mass, i) => {
    return sum + (counts[i]! - draws * mass) ** 2 / (draws * mass);
  }, 0);
  // The quantile 1 − 1e-5 with nine degrees of freedom.
  expect(chi2).toBeLessThan(39.3);
});

test('what went well together stays together across a condition', () => {
  const alone = (x: number, y: number) =>
    [root, child].reduce((sum, block) => {
      const at = Float64Array.of(x, 1, y, 3);
      return sum + block.logDensity(at, block.logPrior(at));
    }, 0);
  expect(density(0.88, 1, 0.88, 3)).toBeGreaterThan(3 * density(0.12, 1, 0.88, 3));
  expect(alone(0.88, 0.88)).toBeLessThan(alone(0.12, 0.88));
});

test('a trial without the parameters of a condition has the density of those that have them there', () => {
  const x = Float64Array.of(0.5, 1, 0.3, 2);
  const [only, none] = [createMixture(parameters, [0, 1], role), blocks()[1]];
  only.insert(5, Float64Array.from(ended[5]!));
  const share = none.logDensity(x, none.logPrior(x));
  const inRoot = Math.exp(only.logDensity(x, only.logPrior(x)));
  const prior = Math.exp(only.logPriorWeight() + only.logPrior(x));
  const expected = (inRoot - prior) * Math.exp(share) + prior * Math.exp(none.logPrior(x));
  expect(Math.exp(jointLogDensity(only, [none], x))).toBeCloseTo(expected, 10);
});
