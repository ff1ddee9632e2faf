import type { Axis } from './axis.ts';
import type { Condition } from './condition.ts';

/**
 * The number of distinct params: conditions respected, constraints not. Infinity with a reachable continuous float,
 * or beyond the largest double.
 *
 * Walks the parameters in order. Values of a parent that no child tells apart are one class, counted together; and what
 * remains depends only on the classes of parents that are still asked for, so equal remainders are counted once.
 */
export function spaceSize(
  axes: readonly Axis[],
  conditions: readonly (readonly Condition[])[],
): number {
  const asked = conditions.flat();
  const lastChild = axes.map((_, parent) =>
    conditions.findLastIndex((list) => list.some((condition) => condition.parent === parent)),
  );
  const classes = axes.map((axis, parent) =>
    classesOf(
      axis,
      asked.filter((condition) => condition.parent === parent),
    ),
  );
  const seen = new Map<string, number>();

  /** `chosen[j]`: the class of parameter j, -1 when inactive. */
  const count = (i: number, chosen: readonly number[]): number => {
    if (i === axes.length) return 1;
    const live = chosen.map((value, j) => (lastChild[j]! >= i ? value : '')).join();
    const key = `${i}:${live}`;
    const known = seen.get(key);
    if (known !== undefined) return known;
    const active = conditions[i]!.every(({ parent, ranges }) => {
      const own = classes[parent]![chosen[parent]!];
      return own !== undefined && ranges.some(([low, high]) => own.at >= low && own.at <= high);
    });
    const total = active
      ? classes[i]!.reduce((sum, { cells }, k) => sum + cells * count(i + 1, [...chosen, k]), 0)
      : count(i + 1, [...chosen, -1]);
    seen.set(key, total);
    return total;
  };
  return count(0, []);
}

/** Runs of neighbouring cells that every condition treats alike, each with one coordinate of it. */
function classesOf(axis: Axis, asked: readonly Condition[]): { cells: number; at: number }[] {
  if (axis.cells === Infinity) return [{ cells: Infinity, at: axis.fromUnit(0.5) }];
  const cuts = new Set([0]);
  for (const [low, high] of asked.flatMap(({ ranges }) => ranges)) {
    cuts.add(axis.cellFrom(low));
    // The first cell above `high`.
    const top = axis.cellFrom(high);
    cuts.add(top < axis.cells && axis.atCell(top) <= high ? top + 1 : top);
  }
  const starts = [...cuts].filter((k) => k < axis.cells).sort((a, b) => a - b);
  return starts.map((start, j) => ({
    cells: (starts[j + 1] ?? axis.cells) - start,
    at: axis.atCell(start),
  }));
}
