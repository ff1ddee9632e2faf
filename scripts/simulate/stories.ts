import { on } from 'node:events';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Story } from '@fleetune/simulator';

/** What the thread number `of` of several tells: every so many seeds one. */
export interface Share {
  first: number;
  every: number;
  end: number;
}

/** The stories of the seeds in their order, told by as many threads as there are processors. */
export async function* stories(
  first: number,
  count: number,
  threads = Math.min(count, availableParallelism()),
): AsyncIterable<Story> {
  const workers = Array.from({ length: threads }, (_, i) => {
    const share: Share = { first: first + i, every: threads, end: first + count };
    return new Worker(join(import.meta.dirname, './story-thread.ts'), { workerData: share });
  });
  try {
    const told = workers.map((worker) => on(worker, 'message'));
    for (let i = 0; i < count; i++) {
      const { value } = await told[i % threads]!.next();
      const [story] = value as [Story];
      yield story;
    }
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}
