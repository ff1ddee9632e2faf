// The ladder of samplers by load: what suggestions cost when they are asked for faster than they can be made
// (docs/internals/advisor.md).
//
//   symbol   meaning
//   ρ        asks per millisecond × milliseconds of one suggestion: the share of its time that the thread would
//            have to make suggestions

import type { Effort } from '@fleetune/core';

export type Step = Effort | 'random';

/** From this load on, the next step down. */
const LOAD_MAX = 0.7;
/** Up again when the step above would have had less than this load for so long. */
const LOAD_CALM = 0.3;
const CALM_MS = 30_000;

export interface Ladder {
  step: Step;
  /** Since when the step above would do. */
  calmSinceMs: number | undefined;
}

export function newLadder(): Ladder {
  return { step: 'full', calmSinceMs: undefined };
}

const STEPS: readonly Step[] = ['full', 'reduced', 'random'];

/** `loadOf` gives ρ at that effort; undefined while it has not been measured. */
export function climb(
  ladder: Ladder,
  loadOf: (effort: Effort) => number | undefined,
  nowMs: number,
): void {
  const at = STEPS.indexOf(ladder.step);
  const load = ladder.step === 'random' ? undefined : loadOf(ladder.step);
  if (load !== undefined && load >= LOAD_MAX) {
    ladder.step = STEPS[at + 1]!;
    ladder.calmSinceMs = undefined;
    return;
  }
  if (at === 0) return;
  const above = STEPS[at - 1] as Effort;
  if ((loadOf(above) ?? Infinity) >= LOAD_CALM) {
    ladder.calmSinceMs = undefined;
    return;
  }
  ladder.calmSinceMs ??= nowMs;
  if (nowMs - ladder.calmSinceMs < CALM_MS) return;
  ladder.step = above;
  ladder.calmSinceMs = undefined;
}
