// A worker's times are its own word, and every second of them is booked for good: no clock runs ahead of ours.

import type { Ended } from '@fleetune/protocol';
import type { WorkerRecord } from './worker-table.ts';

/** A worker may have lived so long before it could register, and through a time in which our machine stood still. */
const SLACK_US = 3_600_000_000;
/** No quartz is as bad as that. */
const DRIFT = 1.001;

/** The worker's own clock now, as far as it can be known from here. */
export function clockOf(worker: WorkerRecord, nowMs: number): number {
  return worker.nowUs + Math.round((nowMs - worker.seenMs) * 1000);
}

/** What its clock says beyond what it can is nobody's time: from then on all that it says is that much earlier. */
export function hearClock(worker: WorkerRecord, saidUs: number, nowMs: number): void {
  const { knownUs, knownMs } = worker;
  const mostUs = knownUs + (nowMs - knownMs) * 1000 * DRIFT + SLACK_US;
  if (saidUs - worker.aheadUs > mostUs) worker.aheadUs = saidUs - clockOf(worker, nowMs);
  worker.nowUs = Math.max(worker.nowUs, saidUs - worker.aheadUs);
  worker.seenMs = nowMs;
}

/** Nothing ended after the worker told of it. */
export function timesOf(
  { nowUs, aheadUs }: WorkerRecord,
  { spawnedUs, exitedUs }: Pick<Ended, 'spawnedUs' | 'exitedUs'>,
): Pick<Ended, 'spawnedUs' | 'exitedUs'> {
  const at = (us: number): number => Math.min(nowUs, Math.max(0, us - aheadUs));
  return { spawnedUs: at(spawnedUs), exitedUs: at(exitedUs) };
}
