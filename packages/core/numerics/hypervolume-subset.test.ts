import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { paretoFront } from './dominance.ts';
import { hypervolumeSubset } from './hypervolume-subset.ts';
import { hypervolume } from './hypervolume.ts';
import { randomStream } from './random-stream.ts';

type Points = readonly (readonly number[])[];

const seed = 20261130;

/** The volumes after each choice. */
function volumes(points: Points, chosen: readonly number[], reference: readonly number[]) {
  return chosen.map((_, k) =>
    hypervolume(
      chosen.slice(0, k + 1).map((i) => points[i]!),
      reference,
    ),
  );
}

/** By trying all that are left, each time. */
function tryingAll(points: Points, size: number, reference: readonly number[]): number[] {
  const chosen: number[] = [];
  while (chosen.length < size) {
    const left = Array.from(points.keys()).filter((i) => !chosen.includes(i));
    const volume = (i: number) =>
      hypervolume(
        [...chosen, i].map((one) => points[one]!),
        reference,
      );
    chosen.push(left.reduce((best, i) => (volume(i) > volume(best) ? i : best)));
  }
  return chosen;
}

function bestVolume(points: Points, size: number, reference: readonly number[]): number {
  const visit = (from: number, taken: Points): number => {
    if (taken.length === size) return hypervolume(taken, reference);
    let best = 0;
    for (let i = from; i < points.length; i++) {
      best = Math.max(best, visit(i + 1, [...taken, points[i]!]));
    }
    return best;
  };
  return visit(0, []);
}

const side = 9;
const front = (losses: number): fc.Arbitrary<number[][]> => {
  const loss = fc.integer({ min: 0, max: side - 1 });
  return fc
    .array(fc.array(loss, { minLength: losses, maxLength: losses }), {
      minLength: 1,
      maxLength: 12,
    })
    .map((all) => paretoFront(all).map((i) => all[i]!));
};

describe.each([2, 3, 4, 5])('of a front in %i losses', (losses) => {
  const reference = new Array<number>(losses).fill(side);

  test('each choice adds as much as any could', () => {
    fc.assert(
      fc.property(front(losses), fc.nat(12), (points, wanted) => {
        const size = Math.min(wanted, points.length);
        const chosen = hypervolumeSubset(points, size, reference);
        const found = volumes(points, chosen, reference);
        // Whole numbers: exact. The order of equals is another matter, so each step is compared.
        chosen.forEach((_, k) => {
          const before = chosen.slice(0, k);
          for (const i of points.keys()) {
            const other = volumes(points, [...before, i], reference).at(-1)!;
            if (size < points.length) expect(found[k]).toBeGreaterThanOrEqual(other);
          }
        });
      }),
      { seed, numRuns: 60 },
    );
  });

  test('the volume is at least 1 − 1/e of what the best subset has', () => {
    fc.assert(
      fc.property(front(losses), fc.integer({ min: 1, max: 4 }), (points, wanted) => {
        const size = Math.min(wanted, points.length);
        const found = volumes(points, hypervolumeSubset(points, size, reference), reference);
        const best = bestVolume(points, size, reference);
        expect(found.at(-1)!).toBeGreaterThanOrEqual((1 - 1 / Math.E) * best);
      }),
      { seed, numRuns: 40 },
    );
  });
});

test('on a straight front of two losses: its middle, then the middles of what is left', () => {
  // Boxes of (8 − i) · i up to (8, 8); after the middle both halves are the same picture again.
  const line = Array.from({ length: 9 }, (_, i) => [i, 8 - i]);
  expect(hypervolumeSubset(line, 3, [8, 8])).toEqual([4, 2, 6]);
});

test('of equal gains the first by its losses is chosen; duplicates come last, in their order', () => {
  const points = [
    [2, 1],
    [1, 2],
    [1, 2],
    [2, 1],
    [1, 2],
  ];
  expect(hypervolumeSubset(points, 2, [3, 3])).toEqual([1, 0]);
  expect(hypervolumeSubset(points, 4, [3, 3])).toEqual([1, 0, 2, 3]);
  const equal = Array.from({ length: 5 }, () => [7, 7, 7]);
  expect(hypervolumeSubset(equal, 3, [8, 8, 8])).toEqual([0, 1, 2]);
});

test('a constant loss changes nothing, whatever its size', () => {
  const line = Array.from({ length: 40 }, (_, i) => [i, (39 - i) ** 2 / 39]);
  const plain = hypervolumeSubset(line, 12, [44, 44]);
  for (const constant of [0, -3, 1e-300, 1e300]) {
    const points = line.map((losses) => [...losses, constant]);
    const reference = [44, 44, Math.max(1.1 * constant, 0.9 * constant) || 1e-12];
    expect(hypervolumeSubset(points, 12, reference)).toEqual(plain);
  }
});

test('a loss of −Infinity is chosen early, one of Infinity hardly ever', () => {
  const points = [
    [1, 5],
    [-Infinity, 6],
    [2, Infinity],
    [3, 3],
    [5, 1],
  ];
  const chosen = hypervolumeSubset(points, 4, [5.5, 6.6]);
  expect(chosen.indexOf(1)).toBeLessThan(2);
  expect(chosen).not.toContain(2);
});

test('whatever the losses: as many different places as asked for, the same every time', () => {
  const loss = fc.oneof(
    fc.constantFrom(-Infinity, Infinity, -Number.MAX_VALUE, Number.MAX_VALUE, 0, 5e-324, -5e-324),
    fc.double({ noNaN: true }),
    fc.integer({ min: 0, max: 3 }),
  );
  const points = fc
    .integer({ min: 1, max: 9 })
    .chain((losses) =>
      fc.array(fc.array(loss, { minLength: losses, maxLength: losses }), { maxLength: 40 }),
    );
  fc.assert(
    fc.property(points, fc.nat(50), loss, (all, size, end) => {
      const some = paretoFront(all).map((i) => all[i]!);
      const reference = (some[0] ?? []).map(() => end);
      const chosen = hypervolumeSubset(some, size, reference);
      expect(new Set(chosen).size).toBe(Math.min(size, some.length));
      expect(chosen.every((i) => i in some)).toBe(true);
      expect(hypervolumeSubset(some, size, reference)).toEqual(chosen);
    }),
    { seed, numRuns: 300 },
  );
});

/** Points on a sphere around the best: none dominates another. */
function sphere(losses: number, count: number): number[][] {
  const stream = randomStream(5, losses, 'sphere');
  return Array.from({ length: count }, () => {
    const raw = Array.from({ length: losses }, () => Math.abs(stream.normal()));
    const length = Math.hypot(...raw);
    return raw.map((x) => 1 - x / length);
  });
}

test('where volumes are estimated, the subset has nearly the volume of the exact choice', () => {
  for (const [losses, count, size] of [
    [3, 120, 20],
    [4, 90, 12],
  ] as const) {
    const points = sphere(losses, count);
    const reference = new Array<number>(losses).fill(1.1);
    const volume = (chosen: number[]) =>
      hypervolume(
        chosen.map((i) => points[i]!),
        reference,
      );
    const found = volume(hypervolumeSubset(points, size, reference));
    const exact = volume(tryingAll(points, size, reference));
    expect(found / exact).toBeGreaterThan(0.95);
  }
});

test('with eight losses it is better than chance, in bounded time', () => {
  const points = sphere(8, 1000);
  const reference = new Array<number>(8).fill(1.1);
  const start = performance.now();
  const chosen = hypervolumeSubset(points, 6, reference);
  expect(performance.now() - start).toBeLessThan(5000);
  const volume = (some: readonly number[]) =>
    hypervolume(
      some.map((i) => points[i]!),
      reference,
    );
  const stream = randomStream(6, 0, 'chance');
  const byChance = Array.from({ length: 20 }, () =>
    volume(chosen.map(() => stream.int(points.length))),
  );
  expect(volume(chosen)).toBeGreaterThan(Math.max(...byChance));
});
