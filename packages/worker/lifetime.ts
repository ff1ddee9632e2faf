import type { Clock, Random } from '@fleetune/platform';

export interface Walltime {
  /** From now until the engine ends the allocation. */
  leftMs: number;
  /** So long before that the worker drains itself: time for programs to save what they have. */
  graceMs: number;
}

/** How long the worker runs trials. */
export interface Lifetime {
  /** Until it drains itself. */
  leftMs(): number;
}

/** Workers that began together do not all drain at once: up to this share of the time earlier, at most that long. */
const STAGGER = 0.05;
const MOST_STAGGER_MS = 600_000;

export function createLifetime(
  { leftMs, graceMs }: Walltime,
  { clock, random }: { clock: Clock; random: Random },
  onOver: () => void,
): Lifetime {
  const latestMs = Math.max(0, leftMs - graceMs);
  const staggerMs = Math.min(MOST_STAGGER_MS, STAGGER * latestMs) * random.fraction();
  const endMs = clock.monotonic() + latestMs - staggerMs;
  clock.after(latestMs - staggerMs, onOver, { unref: true });
  return { leftMs: () => Math.max(0, endMs - clock.monotonic()) };
}

/** What the engine says in the worker's environment; Slurm does since 23.02. */
export function walltimeLeftMs(
  environment: Readonly<Record<string, string | undefined>>,
  nowMs: number,
): number | undefined {
  const endS = Number(environment['SLURM_JOB_END_TIME'] || NaN);
  return Number.isFinite(endS) ? Math.max(0, endS * 1000 - nowMs) : undefined;
}
