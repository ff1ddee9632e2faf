import { fail, type RandomStream } from '@fleetune/core';
import type { Append, Store } from '@fleetune/coordinator/store';
import type { ManualClock } from '@fleetune/platform/manual';
import type { DiskFaults } from '../scenario.ts';
import { stackOf } from '../refusal.ts';
import { pause, processClock, type Life } from './life.ts';
import type { Strike } from './strikes.ts';

export interface Disk {
  clock: ManualClock;
  random: RandomStream;
  faults: DiskFaults;
  /** Writes may fail: it ends with the trouble. */
  failing(): boolean;
  /** A write is on disk; nobody has heard of that yet. */
  onDurable(append: Append): void;
  /** The machine loses its power. */
  onDeath(): void;
  /** A write has failed, and its study can't go on in this process. */
  onFailure(): void;
  onStrike(strike: Strike): void;
  /** The log was written wrongly. */
  onBroken(what: string): void;
}

export interface FaultyStore {
  store: Store;
  /** Its log has a hole: its process can do nothing more for it. */
  hasFailed(study: number): boolean;
  /**
   * Its process has died: what was being written got to the disk whole, not at all, or up to a record that was torn,
   * of which whoever opens the disk again sees nothing.
   */
  crash(): void;
}

interface Write {
  take(): Append;
  done: PromiseWithResolvers<void>;
}

/**
 * Takes its time to write and to say so, and may fail; the death of its owner may come in between. As the real one does,
 * it gathers what comes during a transaction, and writes that with the next.
 */
export function faultyStore(store: Store, disk: Disk, life: Life): FaultyStore {
  const { random, faults } = disk;
  const clock = processClock(disk.clock, life);
  let gathered: Write[] = [];
  let underWay: Append[] = [];
  let working = false;
  /** Studies whose log has a hole here: nothing may follow on that. */
  const failed = new Set<number>();

  function land(appends: readonly Append[]): void {
    for (const append of appends) {
      // It resolves at once, and throws what would be our own bug.
      store.append(() => append).catch((error: unknown) => disk.onBroken(String(error)));
      disk.onDurable(append);
    }
  }

  async function work(): Promise<void> {
    working = true;
    while (gathered.length > 0) {
      const writes = gathered;
      gathered = [];
      try {
        underWay = writes.map(({ take }) => structuredClone(take()));
      } catch (error) {
        return disk.onBroken(stackOf(error));
      }
      await pause(clock, random.next() * faults.longestMs);
      // Whoever is dead goes no further.
      if (disk.failing() && random.next() < faults.deadly) return disk.onDeath();
      const problem = failure(underWay);
      if (problem === undefined) land(underWay);
      if (problem !== undefined) for (const { study } of underWay) failed.add(study);
      underWay = [];
      if (problem === undefined) await pause(clock, lateness());
      else disk.onFailure();
      for (const { done } of writes) {
        if (problem === undefined) done.resolve();
        else done.reject(problem);
      }
    }
    working = false;
  }

  function lateness(): number {
    return (random.int(2) * random.next() * faults.longestMs) / 2;
  }

  function failure(appends: readonly Append[]): Error | undefined {
    if (appends.some(({ study }) => failed.has(study))) {
      return fail('store.io', 'memory', { detail: 'an earlier write failed' });
    }
    if (!disk.failing()) return undefined;
    const { fullFromMs, fullForMs, failing } = faults;
    const nowMs = disk.clock.monotonic();
    const isFull = nowMs >= fullFromMs && nowMs < fullFromMs + fullForMs;
    if (isFull) disk.onStrike('disk-full');
    if (isFull) return fail('store.full', 'memory', {});
    if (random.next() >= failing) return undefined;
    disk.onStrike('write-failed');
    return fail('store.io', 'memory', { detail: 'a write failed' });
  }

  return {
    store: {
      ...store,
      append(take) {
        const done = Promise.withResolvers<void>();
        gathered.push({ take, done });
        if (!working) void work();
        return done.promise;
      },
    },
    hasFailed: (study) => failed.has(study),
    crash() {
      if (!underWay.some(({ study }) => failed.has(study))) {
        const { length } = underWay;
        const whole = random.int(length + 1);
        const torn = whole === 0 ? 'write-vanished' : 'write-torn';
        if (length > 0) disk.onStrike(whole === length ? 'write-unanswered' : torn);
        land(underWay.slice(0, whole));
      }
      underWay = [];
    },
  };
}
