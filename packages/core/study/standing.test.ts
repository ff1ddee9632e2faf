import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bestOf, leader, newStanding, place, unplace } from './standing.ts';

const LEVELS = 2;

it('knows the best of each level, whoever comes, leaves or no longer counts', () => {
  const move = fc.record({
    do: fc.constantFrom('place', 'place', 'place', 'unplace', 'drop', 'ask'),
    trial: fc.nat(15),
    level: fc.nat(LEVELS - 1),
    loss: fc.nat(9),
  });
  fc.assert(
    fc.property(fc.array(move, { maxLength: 120, size: 'max' }), (moves) => {
      const standing = newStanding(LEVELS);
      const slow = Array.from({ length: LEVELS }, () => new Map<number, number>());
      const out = new Set<number>();
      const counts = (trial: number) => !out.has(trial);
      const best = (level: number) =>
        [...slow[level]!]
          .filter(([trial]) => counts(trial))
          .sort(([a, lossA], [b, lossB]) => lossA - lossB || a - b)[0];
      for (const { do: what, trial, level, loss } of moves) {
        if (what === 'place' && counts(trial)) {
          place(standing, level, trial, loss);
          if (!slow[level]!.has(trial)) slow[level]!.set(trial, loss);
        }
        if (what === 'unplace') {
          unplace(standing, trial);
          for (const losses of slow) losses.delete(trial);
        }
        if (what === 'drop') out.add(trial);
        expect(bestOf(standing, level, counts)).toBe(best(level)?.[0]);
      }
      const top = [1, 0].find((level) => best(level) !== undefined);
      expect(leader(standing, counts)?.trial).toBe(top === undefined ? undefined : best(top)![0]);
    }),
  );
});
