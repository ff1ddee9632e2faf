import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sortedLosses } from './sorted-losses.ts';

it('counts what is strictly below and finds the k-th, like a sort, with ties and infinities', () => {
  const loss = fc.oneof(fc.integer({ min: -5, max: 5 }), fc.constantFrom(Infinity, 0.5));
  fc.assert(
    fc.property(fc.array(loss, { maxLength: 80 }), fc.array(loss), (losses, questions) => {
      const sorted = sortedLosses();
      for (const it of losses) sorted.add(it);
      expect(sorted.size).toBe(losses.length);
      const inOrder = losses.toSorted((a, b) => a - b);
      expect(inOrder.map((_, k) => sorted.at(k))).toEqual(inOrder);
      for (const question of questions) {
        expect(sorted.below(question)).toBe(losses.filter((it) => it < question).length);
      }
    }),
  );
});

it.each([1, 40, 1_000, 20_000])('counts alike in many blocks, asked every %i losses', (every) => {
  const sorted = sortedLosses();
  const losses = Array.from({ length: 20_000 }, (_, i) => (i * 7919) % 6007);
  losses.forEach((loss, i) => {
    sorted.add(loss);
    expect(sorted.size).toBe(i + 1);
    if (i % every === 0) sorted.at(0);
  });
  losses.sort((a, b) => a - b);
  for (let question = -1; question < 6010; question += 13) {
    const found = losses.findIndex((it) => it >= question);
    expect(sorted.below(question)).toBe(found < 0 ? losses.length : found);
  }
  for (let k = 0; k < losses.length; k += 97) expect(sorted.at(k)).toBe(losses[k]);
});
