import { fdatasyncSync, writeSync } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

const page = Buffer.alloc(4096, 1);

/**
 * What this machine allows: so many loops that wake up every 50 ms, one after the other, and each time wait for one
 * write and its sync, which those share that come in the same turn of the event loop. The answer: how long, in ms.
 */
export async function bareRefills(slots: number, rounds: number): Promise<number[]> {
  const folder = await mkdtemp(join(import.meta.dirname, '../../.tools/bench-'));
  const file = await open(join(folder, 'bare'), 'w');
  let synced: Promise<void> | undefined;
  const durable = (): Promise<void> =>
    (synced ??= new Promise((resolve) => {
      setImmediate(() => {
        synced = undefined;
        writeSync(file.fd, page);
        fdatasyncSync(file.fd);
        resolve();
      });
    }));
  const tookMs: number[] = [];
  const loop = async (slot: number): Promise<void> => {
    await setTimeout((50 * slot) / slots);
    for (let round = 0; round < rounds; round += 1) {
      await setTimeout(50);
      const start = performance.now();
      await durable();
      tookMs.push(performance.now() - start);
    }
  };
  try {
    await Promise.all(Array.from({ length: slots }, (_, slot) => loop(slot)));
  } finally {
    await file.close();
    await rm(folder, { recursive: true, force: true });
  }
  return tookMs;
}
