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

it('counts alike in many blocks', () => {
  const sorted = sortedLosses();
  const losses = Array.from({ length: 20_000 }, (_, i) => (i * 7919) % 6007);
  for (const it of losses) sorted.add(it);
  losses.sort((a, b) => a - b);
  for (let question = -1; question < 6010; question += 13) {
    const found = losses.findIndex((it) => it >= question);
    expect(sorted.below(question)).toBe(found < 0 ? losses.length : found);
  }
  for (let k = 0; k < losses.length; k += 97) expect(sorted.at(k)).toBe(losses[k]);
});
