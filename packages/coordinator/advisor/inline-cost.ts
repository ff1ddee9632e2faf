// Whether suggestions are cheap enough to be made in the coordinator's own thread.

/** What a suggestion may cost there. */
const ALLOWED_MS = 1;
/**
 * So much more than that in sum, cheaper suggestions paying it back, and they are too dear: one that takes long, or
 * many that take a little too long, but not the first ones while their code is being compiled.
 */
const DEBT_MAX_MS = 100;
/** The share of the thread's time that all of them may take, over stretches of at least a second. */
const SHARE_MAX = 0.3;
const STRETCH_MS = 1_000;

export interface InlineCost {
  debtMs: number;
  busyMs: number;
  stretchFromMs: number;
  /** What the latest one took. */
  lastMs: number;
}

export function newInlineCost(nowMs: number): InlineCost {
  return { debtMs: 0, busyMs: 0, stretchFromMs: nowMs, lastMs: 0 };
}

/** Why a thread of its own is due after a suggestion that took so long; undefined while it is not. */
export function countCost(cost: InlineCost, tookMs: number, nowMs: number): string | undefined {
  cost.lastMs = tookMs;
  cost.debtMs = Math.max(0, cost.debtMs + tookMs - ALLOWED_MS);
  cost.busyMs += tookMs;
  if (cost.debtMs >= DEBT_MAX_MS) return `a suggestion takes ${Number(tookMs.toPrecision(2))} ms`;
  const stretchMs = nowMs - cost.stretchFromMs;
  if (stretchMs < STRETCH_MS) return undefined;
  const share = cost.busyMs / stretchMs;
  cost.busyMs = 0;
  cost.stretchFromMs = nowMs;
  if (share < SHARE_MAX) return undefined;
  return `suggestions take ${Math.round(100 * share)} % of the coordinator's time`;
}
