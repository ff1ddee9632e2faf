// Who leads at each level of fidelity. One binary heap per level: adding and removing are O(log n),
// and a trial that has become infeasible, failed or cancelled leaves when it comes to the top.

/** Trials of one level, the best first: by loss, then by number. */
interface Level {
  trials: number[];
  losses: Map<number, number>;
  /** Where each trial is in `trials`. */
  places: Map<number, number>;
}

export interface Standing {
  levels: Level[];
}

export function newStanding(levels: number): Standing {
  return {
    levels: Array.from({ length: levels }, () => ({
      trials: [],
      losses: new Map(),
      places: new Map(),
    })),
  };
}

/** The trial's loss at a level; a trial is placed there once. */
export function place(standing: Standing, level: number, trial: number, loss: number): void {
  const at = standing.levels[level]!;
  if (at.losses.has(trial)) return;
  at.losses.set(trial, loss);
  at.places.set(trial, at.trials.length);
  at.trials.push(trial);
  siftUp(at, at.trials.length - 1);
}

/** The trial leaves every level. */
export function unplace(standing: Standing, trial: number): void {
  for (const level of standing.levels) {
    const index = level.places.get(trial);
    if (index !== undefined) removeAt(level, index);
  }
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
    removeAt(at, 0);
  }
  return undefined;
}

function removeAt(level: Level, index: number): void {
  const { trials } = level;
  swap(level, index, trials.length - 1);
  const gone = trials.pop()!;
  level.losses.delete(gone);
  level.places.delete(gone);
  if (index === trials.length) return;
  siftUp(level, index);
  siftDown(level, index);
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
    swap(level, index, parent);
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
    swap(level, index, best);
    index = best;
  }
}

function swap({ trials, places }: Level, a: number, b: number): void {
  [trials[a], trials[b]] = [trials[b]!, trials[a]!];
  places.set(trials[a]!, a);
  places.set(trials[b]!, b);
}
