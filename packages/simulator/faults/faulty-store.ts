import { fail, type RandomStream } from '@fleetune/core';
import type { Append, Store } from '@fleetune/coordinator/store';
import type { ManualClock } from '@fleetune/platform/manual';
import type { DiskFaults } from '../scenario.ts';
import { pause, processClock, type Life } from './life.ts';

export interface Disk {
  clock: ManualClock;
  random: RandomStream;
  faults: DiskFaults;
  /** Writes may fail: it ends with the trouble. */
  failing(): boolean;
  /** A write is on disk; nobody has heard of that yet. */
  onDurable(append: Append): void;
  /** A write has failed, and its study can't go on in this process. */
  onFailure(): void;
  /** The log was written wrongly. */
  onBroken(what: string): void;
}

export interface FaultyStore {
  store: Store;
  /** Its log has a hole: its process can do nothing more for it. */
  hasFailed(study: number): boolean;
  /** Its process has died: the transaction under way got to the disk whole, or was torn and is rolled back. */
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

  function land(): void {
    for (const append of underWay) {
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
      underWay = writes.map(({ take }) => structuredClone(take()));
      await pause(clock, random.next() * faults.longestMs);
      const problem = failure(underWay);
      if (problem === undefined) land();
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
    if (isFull) return fail('store.full', 'memory', {});
    if (random.next() >= failing) return undefined;
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
      if (random.next() < 0.5 && !underWay.some(({ study }) => failed.has(study))) land();
      underWay = [];
    },
  };
}
