// Who leads at each level of fidelity. One binary heap per level with lazy removal: adding is O(log
// n), and a trial that has become infeasible, failed or cancelled leaves when it comes to the top.

/** Trials of one level, the best first: by loss, then by number. */
interface Level {
  trials: number[];
  losses: Map<number, number>;
}

export interface Standing {
  levels: Level[];
}

export function newStanding(levels: number): Standing {
  return { levels: Array.from({ length: levels }, () => ({ trials: [], losses: new Map() })) };
}

/** The trial's loss at a level; a trial is placed there once. */
export function place(standing: Standing, level: number, trial: number, loss: number): void {
  const at = standing.levels[level]!;
  if (at.losses.has(trial)) return;
  at.losses.set(trial, loss);
  at.trials.push(trial);
  siftUp(at, at.trials.length - 1);
}

/** The best trial of the highest level that has one; `counts` says whether a trial still does. */
export function leader(
  standing: Standing,
  counts: (trial: number) => boolean,
): { trial: number; level: number; loss: number } | undefined {
  for (let level = standing.levels.length - 1; level >= 0; level--) {
    const trial = bestOf(standing, level, counts);
    if (trial === undefined) continue;
    return { trial, level, loss: standing.levels[level]!.losses.get(trial)! };
  }
  return undefined;
}

export function bestOf(
  standing: Standing,
  level: number,
  counts: (trial: number) => boolean,
): number | undefined {
  const at = standing.levels[level]!;
  for (let top = at.trials[0]; top !== undefined; top = at.trials[0]) {
    if (counts(top)) return top;
    const last = at.trials.pop()!;
    at.losses.delete(top);
    if (last !== top) {
      at.trials[0] = last;
      siftDown(at, 0);
    }
  }
  return undefined;
}

function better(level: Level, a: number, b: number): boolean {
  const lossA = level.losses.get(a)!;
  const lossB = level.losses.get(b)!;
  return lossA < lossB || (lossA === lossB && a < b);
}

function siftUp(level: Level, index: number): void {
  const { trials } = level;
  while (index > 0) {
    const parent = (index - 1) >> 1;
    if (!better(level, trials[index]!, trials[parent]!)) return;
    swap(trials, index, parent);
    index = parent;
  }
}

function siftDown(level: Level, index: number): void {
  const { trials } = level;
  for (;;) {
    let best = index;
    for (const child of [2 * index + 1, 2 * index + 2]) {
      if (child < trials.length && better(level, trials[child]!, trials[best]!)) best = child;
    }
    if (best === index) return;
    swap(trials, index, best);
    index = best;
  }
}

function swap(items: number[], a: number, b: number): void {
  [items[a], items[b]] = [items[b]!, items[a]!];
}
