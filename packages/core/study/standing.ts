// Who leads at each level of fidelity. One binary heap per level: adding and removing are O(log n),
// and a trial that has become infeasible, failed or cancelled leaves when it comes to the top.

/** Trials of one level, the best first: by loss, then by number. */
interface Level {
  trials: number[];
  /** By trial; it means something where there is a place. */
  losses: Float64Array;
  /** Where each trial is in `trials`, plus 1; 0 where it is not. */
  places: Int32Array;
}

export interface Standing {
  levels: Level[];
}

export function newStanding(levels: number): Standing {
  return {
    levels: Array.from({ length: levels }, () => ({
      trials: [],
      losses: new Float64Array(0),
      places: new Int32Array(0),
    })),
  };
}

/** The trial's loss at a level; a trial is placed there once. */
export function place(standing: Standing, level: number, trial: number, loss: number): void {
  const at = standing.levels[level]!;
  if (trial >= at.places.length) makeRoom(at, trial);
  if (at.places[trial] !== 0) return;
  at.losses[trial] = loss;
  at.trials.push(trial);
  at.places[trial] = at.trials.length;
  siftUp(at, at.trials.length - 1);
}

/** The trial leaves every level. */
export function unplace(standing: Standing, trial: number): void {
  for (const level of standing.levels) {
    const place = level.places[trial] ?? 0;
    if (place > 0) removeAt(level, place - 1);
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
    return { trial, level, loss: lossAt(standing, level, trial) };
  }
  return undefined;
}

/** The loss of a trial that is placed at the level. */
export function lossAt({ levels }: Standing, level: number, trial: number): number {
  return levels[level]!.losses[trial]!;
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
  level.places[gone] = 0;
  if (index === trials.length) return;
  siftUp(level, index);
  siftDown(level, index);
}

function makeRoom(level: Level, trial: number): void {
  const length = Math.max(64, 2 * level.places.length, trial + 1);
  const losses = new Float64Array(length);
  const places = new Int32Array(length);
  losses.set(level.losses);
  places.set(level.places);
  level.losses = losses;
  level.places = places;
}

function better({ losses }: Level, a: number, b: number): boolean {
  const lossA = losses[a]!;
  const lossB = losses[b]!;
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
  const first = trials[a]!;
  const second = trials[b]!;
  trials[a] = second;
  trials[b] = first;
  places[second] = a + 1;
  places[first] = b + 1;
}
