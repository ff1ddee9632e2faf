// Bad input: no crash, no endless loop, always a lawful suggestion. Fixed cases first, then random
// spaces under random outcomes.

import fc from 'fast-check';
import { describe, test } from 'vitest';
import { createSampler, searchSpace, type Parameter } from '../index.ts';
import { samplerHardCases, severalRuns } from '../sampler/testing/hard-cases.ts';
import { samplerSpecs } from '../sampler/testing/sampler-specs.ts';
import type { SamplerMaker } from '../sampler/create-sampler.ts';
import type { Outcome } from '../sampler/sampler.ts';

const edge = fc.constantFrom(-1e308, -1, -1e-300, 0, 5e-324, 1, 1e9, 1e300, 8e307);
const bounds = fc.tuple(edge, edge).filter(([low, high]) => low < high && high - low < Infinity);

const kind: fc.Arbitrary<Omit<Parameter, 'name'>> = fc.oneof(
  bounds.map(([low, high]) => ({ type: 'float', low, high, log: false }) as const),
  bounds
    .filter(([low]) => low > 0)
    .map(([low, high]) => ({ type: 'float', low, high, log: true }) as const),
  fc
    .tuple(fc.integer({ min: -5, max: 5 }), fc.integer({ min: 1, max: 1e6 }), fc.boolean())
    .map(([low, width, log]) => {
      const from = log ? Math.max(1, low) : low;
      return { type: 'int', low: from, high: from + width, step: 1, log } as const;
    }),
  fc.integer({ min: 1, max: 60 }).map((count) => {
    return { type: 'categorical', choices: Array.from({ length: count }, (_, k) => k) } as const;
  }),
  fc.constant({ type: 'boolean' } as const),
  fc.constant({ type: 'constant', value: 'c' } as const),
);

/** Each parameter may depend on the one before it, where that is a switch. */
const space = fc.array(fc.tuple(kind, fc.boolean()), { maxLength: 7 }).map((kinds) => {
  const parameters = kinds.map(([one, depends], i) => {
    const child = depends && kinds[i - 1]?.[0].type === 'boolean';
    return { ...one, name: `p${i}`, ...(child && { when: { [`p${i - 1}`]: true } }) } as Parameter;
  });
  return searchSpace(parameters, []);
});

const loss = fc.oneof(fc.constantFrom(-Infinity, -1e308, 0, 1e308, Infinity, NaN), fc.double());
const outcome: fc.Arbitrary<Outcome> = fc.oneof(
  { weight: 4, arbitrary: loss.map((value): Outcome => ({ state: 'completed', loss: value })) },
  loss.map((value): Outcome => ({ state: 'stopped', loss: value, step: 2 })),
  fc.constantFrom<Outcome>({ state: 'failed' }, { state: 'infeasible' }, { state: 'removed' }),
);
const outcomes = fc.array(outcome, { minLength: 1, maxLength: 8 });

for (const spec of samplerSpecs) {
  const make: SamplerMaker = (given, seed, objectives) =>
    createSampler(spec, given, seed, {}, objectives);

  describe(`hard inputs: ${JSON.stringify(spec)}`, () => {
    for (const { title, check } of samplerHardCases(make)) test(title, check);

    test('any space, any outcomes', () => {
      fc.assert(
        fc.property(space, outcomes, fc.nat(1e6), (given, list, seed) => {
          severalRuns(make, given, (stream) => list[stream.int(list.length)]!, seed);
        }),
        { numRuns: 40 },
      );
    });
  });
}
