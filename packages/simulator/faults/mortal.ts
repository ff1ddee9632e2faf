import type { Clock } from '@fleetune/platform';
import type { Store } from '@fleetune/coordinator/store';
import type { RandomStream } from '@fleetune/core';

/** Something that may be killed at any moment: its clock stops, nothing that it began comes to an end. */
export interface Life {
  dead: boolean;
}

/** The clock of a process: monotonic from its birth, and silent after its death. */
export function mortalClock(clock: Clock, life: Life): Clock {
  const bornMs = clock.monotonic();
  return {
    now: () => clock.now(),
    monotonic: () => clock.monotonic() - bornMs,
    after: (ms, callback) => clock.after(ms, () => life.dead || callback()),
  };
}

/** Takes its time to write and to say so; the death of its owner may come in between. */
export function mortalStore(
  store: Store,
  disk: { clock: Clock; random: RandomStream; longestMs: number },
  life: Life,
): Store {
  const { clock, random, longestMs } = disk;
  let last: Promise<unknown> = Promise.resolve();
  return {
    ...store,
    append(take) {
      const write = async (): Promise<void> => {
        await pause(random.next() * longestMs);
        await store.append(take);
        await pause((random.int(2) * random.next() * longestMs) / 2);
      };
      const written = last.then(write);
      last = written;
      return written;
    },
  };

  function pause(ms: number): Promise<void> {
    return new Promise((resolve) => void clock.after(ms, () => life.dead || resolve()));
  }
}
