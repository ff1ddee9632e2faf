import fc from 'fast-check';
import { expect, test } from 'vitest';
import { learnChoices, newChoiceModel } from './choice-model.ts';
import { alphaOf } from './margin.ts';

const dimension = (count: number) => {
  return {
    index: 0,
    count,
    weights: undefined,
    unitOf: (k: number) => k,
    choiceOf: (k: number) => k,
    choiceOfUnit: (k: number) => k,
  };
};

test('probabilities sum to 1 and none falls below its least, whatever is learnt', () => {
  const counts = [2, 3, 7];
  const sample = fc.tuple(...counts.map((count) => fc.integer({ min: -1, max: count - 1 })));
  const generations = fc.array(fc.array(sample, { minLength: 2, maxLength: 6 }), { maxLength: 40 });
  fc.assert(
    fc.property(generations, (all) => {
      const model = newChoiceModel(counts.map(dimension), alphaOf(3), () => undefined);
      for (const samples of all) {
        const positive = new Float64Array(samples.length).fill(1 / samples.length);
        learnChoices(
          model,
          samples.map((choices) => Int32Array.from(choices)),
          positive,
        );
      }
      model.q.forEach((row, i) => {
        expect(row.reduce((sum, q) => sum + q, 0)).toBeCloseTo(1, 12);
        for (const q of row) expect(q).toBeGreaterThanOrEqual(model.least[i]! * (1 - 1e-9));
      });
    }),
  );
});

test('a choice that is always among the best becomes as probable as the margin allows', () => {
  const model = newChoiceModel([dimension(4)], alphaOf(1), () => undefined);
  for (let generation = 0; generation < 40; generation++) {
    learnChoices(model, [Int32Array.of(2), Int32Array.of(2)], Float64Array.of(0.6, 0.4));
  }
  expect(model.q[0]![2]).toBeCloseTo(0.73, 10);
});
