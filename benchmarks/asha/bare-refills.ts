import { mkdtemp, open, rm } from 'node:fs/promises';
import { fdatasyncSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate, setTimeout } from 'node:timers/promises';

const page = Buffer.alloc(4096, 1);

/**
 * What this machine allows: so many loops that wake up every 50 ms. Each time it is measured how long one write and sync
 * take, and to come back to the loop.
 */
export async function bareRefills(slots: number, rounds: number): Promise<number[]> {
  const folder = await mkdtemp(join(import.meta.dirname, '../../.tools/bench-'));
  const file = await open(join(folder, 'bare'), 'w');
  const tookMs: number[] = [];
  const loop = async (): Promise<void> => {
    for (let round = 0; round < rounds; round += 1) {
      await setTimeout(50);
      const start = performance.now();
      writeSync(file.fd, page);
      fdatasyncSync(file.fd);
      await setImmediate();
      tookMs.push(performance.now() - start);
    }
  };
  try {
    await Promise.all(Array.from({ length: slots }, loop));
  } finally {
    await file.close();
    await rm(folder, { recursive: true, force: true });
  }
  return tookMs;
}
