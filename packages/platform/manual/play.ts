import type { ManualClock } from './manual-clock.ts';

/**
 * Lets time pass, callback by callback, until `isOver` or nothing more is due; after each one, all that follows from
 * it without time has happened (see testing/settled.ts). `onPause` is called after every so many callbacks: what it answers is
 * waited for, so that the process can look at its signals and its output.
 */
export function play(
  clock: Pick<ManualClock, 'step'>,
  isOver: () => boolean,
  { every, onPause }: { every: number; onPause: () => Promise<void> },
): Promise<void> {
  return new Promise((resolve, reject) => {
    let steps = 0;
    // In place of `queueMicrotask`, which makes a context of its own for every call.
    const soon = Promise.resolve();
    const whenSettled = (): void => void process.nextTick(step);
    const step = (): void => {
      try {
        if (isOver() || !clock.step()) return resolve();
      } catch (error) {
        return reject(error);
      }
      steps += 1;
      if (steps % every === 0) onPause().then(step, reject);
      else void soon.then(whenSettled);
    };
    void soon.then(whenSettled);
  });
}
