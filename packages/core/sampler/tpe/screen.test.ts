import fc from 'fast-check';
import { expect, test } from 'vitest';
import { randomStream } from '../../numerics/random-stream.ts';
import { axisOf } from '../../space/axis.ts';
import type { Parameter } from '../../space/study-spec.ts';
import { createMixture, type Mixture } from './mixture.ts';
import { contenders } from './screen.ts';

const kinds: Parameter[] = [
  { name: 'float', type: 'float', low: -2e5, high: 3, log: false },
  { name: 'log float', type: 'float', low: 1e-9, high: 10, log: true },
  { name: 'int', type: 'int', low: 1, high: 9, step: 1, log: false },
  { name: 'log int', type: 'int', low: 1, high: 900, step: 1, log: true },
  { name: 'categorical', type: 'categorical', choices: ['a', 'b', 'c', 'd'] },
  { name: 'constant', type: 'constant', value: 3 },
  { name: 'informed', type: 'float', low: 0, high: 1, log: false, prior: { mean: 0.9, sd: 0.1 } },
];

/** Of all kinds in turn, from one of them on. */
function spaceOf(count: number, first: number): Parameter[] {
  return Array.from({ length: count }, (_, i) => {
    return { ...kinds[(first + i) % kinds.length]!, name: `x${i}` };
  });
}

/** Of `n` trials, around places of their own in each parameter. */
function mixtureOf(parameters: readonly Parameter[], trials: readonly number[], least: number) {
  const block = parameters.map((_, i) => i);
  const mixture = createMixture(parameters, block, { drawn: true, least, newest: 128 });
  for (const trial of trials) insert(mixture, parameters, trial);
  mixture.weigh((trial, byAge) => byAge * (trial % 3 === 0 ? 0.1 : 1));
  return mixture;
}

function insert(mixture: Mixture, parameters: readonly Parameter[], trial: number): void {
  const stream = randomStream(5, trial, 'screen test');
  const x = Float64Array.from(parameters, (parameter) =>
    axisOf(parameter).fromUnit(0.3 + 0.2 * stream.normal()),
  );
  mixture.insert(trial, x);
}

function scoreOf(below: Mixture, above: Mixture, x: Float64Array): number {
  const logPrior = below.logPrior(x);
  return below.logDensity(x, logPrior) - above.logDensity(x, logPrior);
}

const dimensions = fc.constantFrom(1, 3, 7, 20, 61);

/** Mostly as many candidates as are usual, and now and then many. */
const howMany = fc.oneof(
  { weight: 9, arbitrary: fc.integer({ min: 2, max: 40 }) },
  { weight: 1, arbitrary: fc.integer({ min: 41, max: 400 }) },
);

test('the best of all points is among the contenders, and none of them is far behind it', () => {
  let left = 0;
  let all = 0;
  fc.assert(
    fc.property(
      dimensions,
      fc.nat(kinds.length - 1),
      fc.integer({ min: 1, max: 700 }),
      howMany,
      fc.constantFrom(0, 0.2),
      fc.nat(),
      (count, first, n, points, least, seed) => {
        const parameters = spaceOf(count, first);
        const trials = Array.from({ length: n }, (_, trial) => trial);
        const below = mixtureOf(
          parameters,
          trials.filter((trial) => trial % 10 === 0),
          0,
        );
        const present = new Set(trials.filter((trial) => trial % 10 !== 0));
        const above = mixtureOf(parameters, [...present], least);
        const stream = randomStream(seed, n, 'points');
        const at = Array.from({ length: points }, () => {
          const x = new Float64Array(count);
          below.sample(stream, [x]);
          return x;
        });
        // Again after some have gone and others have come.
        for (let round = 0; round < 3; round++) {
          const scores = at.map((x) => scoreOf(below, above, x));
          const best = Math.max(...scores);
          const found = contenders({ below, above }, at)!;
          left += found.length;
          all += points;
          expect(found).toContain(scores.indexOf(best));
          for (const i of found) expect(scores[i]).toBeGreaterThan(best - 0.2);
          for (let i = 0; i < 5; i++) {
            const trial = (7 * i + seed + round) % (n + 5);
            if (present.delete(trial)) above.remove(trial);
            else {
              present.add(trial);
              insert(above, parameters, trial);
            }
          }
        }
      },
    ),
    { numRuns: 60 },
  );
  expect(left / all).toBeLessThan(0.5);
});

test('parameters of many steps are not screened', () => {
  const int: Parameter = { name: 'int', type: 'int', low: 1, high: 1001, step: 1, log: false };
  const mixture = mixtureOf([int], [1, 2, 3], 0);
  const at = [1, 2, 3].map((x) => Float64Array.of(x));
  expect(contenders({ below: mixture, above: mixture }, at)).toBeUndefined();
});
