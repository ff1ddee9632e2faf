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
/**
 * So long after a step down the one above is tried again, whatever it cost: that may have been a machine that was full, or
 * code that was being compiled, and nothing is measured there any more.
 */
const RETRY_MS = 120_000;

export interface Ladder {
  step: Step;
  /** Since when it is at this step. */
  sinceMs: number;
  /** Since when the step above would do. */
  calmSinceMs: number | undefined;
}

export function newLadder(): Ladder {
  return { step: 'full', sinceMs: 0, calmSinceMs: undefined };
}

const STEPS: readonly Step[] = ['full', 'reduced', 'random'];

/**
 * `loadOf` gives ρ at that effort; undefined while it has not been measured. True when it went up: what was measured
 * there before says nothing any more.
 */
export function climb(
  ladder: Ladder,
  loadOf: (effort: Effort) => number | undefined,
  nowMs: number,
): boolean {
  const at = STEPS.indexOf(ladder.step);
  const load = ladder.step === 'random' ? undefined : loadOf(ladder.step);
  if (load !== undefined && load >= LOAD_MAX) {
    goTo(ladder, STEPS[at + 1]!, nowMs);
    return false;
  }
  if (at === 0) return false;
  const above = STEPS[at - 1] as Effort;
  const isCalm = (loadOf(above) ?? Infinity) < LOAD_CALM;
  ladder.calmSinceMs = isCalm ? (ladder.calmSinceMs ?? nowMs) : undefined;
  const wasCalm = ladder.calmSinceMs !== undefined && nowMs - ladder.calmSinceMs >= CALM_MS;
  if (!wasCalm && nowMs - ladder.sinceMs < RETRY_MS) return false;
  goTo(ladder, above, nowMs);
  return true;
}

function goTo(ladder: Ladder, step: Step, nowMs: number): void {
  ladder.step = step;
  ladder.sinceMs = nowMs;
  ladder.calmSinceMs = undefined;
}
