// How often suggestions are asked for.
//
//   symbol   meaning
//   τ        memory of the rate: an ask counts e^(−age/τ)
//   w        sum of these weights; the rate is w / τ once the memory is filled

const MEMORY_MS = 10_000;
/** Before that, nothing can be said of a rate. */
const SHORTEST_MS = 1_000;
const RECENT = 64;
/** What one ask leaves of the parallelism that was seen before it. */
const PARALLELISM_KEPT = 0.98;

export interface Demand {
  weight: number;
  firstMs: number;
  lastMs: number;
  /** Times of the latest asks, ascending. */
  readonly recentMs: number[];
  /** How many trials run at once. Whole rounds may end in one message, so it forgets slowly. */
  parallelism: number;
}

export function newDemand(): Demand {
  return { weight: 0, firstMs: 0, lastMs: 0, recentMs: [], parallelism: 1 };
}

/** `running` other trials run just now. */
export function countAsk(demand: Demand, nowMs: number, running: number): void {
  demand.parallelism = Math.max(running + 1, demand.parallelism * PARALLELISM_KEPT);
  if (demand.recentMs.length === 0) demand.firstMs = nowMs;
  demand.weight = weightAt(demand, nowMs) + 1;
  demand.lastMs = nowMs;
  demand.recentMs.push(nowMs);
  if (demand.recentMs.length > RECENT) demand.recentMs.shift();
}

/** Asks per millisecond. */
export function askRate(demand: Demand, nowMs: number): number {
  const ageMs = Math.max(SHORTEST_MS, nowMs - demand.firstMs);
  // The memory is filled to 1 − e^(−age/τ): without that, a rate would start at 0.
  const filled = 1 - Math.exp(-ageMs / MEMORY_MS);
  return weightAt(demand, nowMs) / (MEMORY_MS * filled);
}

/** The most asks that came within one stretch of so long, of the latest 64. */
export function mostWithin({ recentMs }: Demand, stretchMs: number): number {
  let most = 0;
  let from = 0;
  for (let to = 0; to < recentMs.length; to++) {
    while (recentMs[to]! - recentMs[from]! > stretchMs) from++;
    most = Math.max(most, to - from + 1);
  }
  return most;
}

/** One trial after the other: an ask can wait for what the last one has taught. */
export function isSequential({ parallelism }: Demand): boolean {
  return parallelism < 1.5;
}

function weightAt({ weight, lastMs }: Demand, nowMs: number): number {
  return weight * Math.exp(-(nowMs - lastMs) / MEMORY_MS);
}
