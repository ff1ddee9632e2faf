import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hypervolume } from './hypervolume.ts';

/** Counts the unit cells of a grid that a point dominates: exact for whole losses. */
function cells(points: readonly number[][], reference: readonly number[]): number {
  const visit = (corner: number[]): number => {
    if (corner.length === reference.length) {
      return Number(points.some((p) => p.every((loss, m) => loss <= corner[m]!)));
    }
    let sum = 0;
    for (let x = 0; x < reference[corner.length]!; x++) sum += visit([...corner, x]);
    return sum;
  };
  return visit([]);
}

describe.each([1, 2, 3, 4, 5])('the hypervolume of %i losses', (objectives) => {
  const side = objectives < 4 ? 6 : 4;
  const point = fc.array(fc.integer({ min: 0, max: side + 1 }), {
    minLength: objectives,
    maxLength: objectives,
  });
  const reference = new Array<number>(objectives).fill(side);

  test('is the number of cells that are dominated', () => {
    fc.assert(
      fc.property(fc.array(point, { maxLength: 12 }), (points) => {
        expect(hypervolume(points, reference)).toBe(cells(points, reference));
      }),
      { numRuns: 60 },
    );
  });

  const edge = fc.constantFrom(-Infinity, -1e308, -1, 0, 0.5, 1e308, Infinity);
  const losses = fc.array(edge, { minLength: objectives, maxLength: objectives });

  test('is a number, and no less with a point more, whatever the losses are', () => {
    fc.assert(
      fc.property(fc.array(losses, { maxLength: 8 }), losses, losses, (points, more, reference) => {
        const volume = hypervolume(points, reference);
        expect(volume).toBeGreaterThanOrEqual(0);
        expect(hypervolume([...points, more], reference)).toBeGreaterThanOrEqual(volume);
      }),
      { numRuns: 300 },
    );
  });

  test('is infinite when a point is infinitely good, with others at its side', () => {
    const rest = new Array<number>(objectives - 1).fill(0.5);
    const points = [
      [-Infinity, ...rest],
      [0.1, ...rest],
      [0.1, ...rest.map(() => 0.1)],
    ];
    expect(hypervolume(points, new Array<number>(objectives).fill(1))).toBe(Infinity);
  });
});

test('on a sphere of three losses it comes near 1 − π/6', () => {
  const points: number[][] = [];
  for (let i = 0; i <= 40; i++) {
    for (let j = 0; j <= 40; j++) {
      const [a, b] = [(i / 40) * (Math.PI / 2), (j / 40) * (Math.PI / 2)];
      points.push([Math.cos(a) * Math.cos(b), Math.cos(a) * Math.sin(b), Math.sin(a)]);
    }
  }
  const value = hypervolume(points, [1, 1, 1]);
  expect(value).toBeLessThan(1 - Math.PI / 6);
  expect(value).toBeGreaterThan(1 - Math.PI / 6 - 0.03);
});
