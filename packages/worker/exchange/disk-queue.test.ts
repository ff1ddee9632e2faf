import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createDiskQueue } from './disk-queue.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fleetune spool '));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const actions = fc.array(fc.oneof(fc.integer({ min: 1, max: 2_500 }), fc.constant(0)), {
  maxLength: 20,
});

test('everything comes out once, in order, and no file is left behind', () => {
  fc.assert(
    fc.property(actions, (steps) => {
      const queue = createDiskQueue<number>(folder);
      const out: number[] = [];
      let pushed = 0;
      for (const step of steps) {
        if (step === 0) out.push(...queue.shift());
        for (let i = 0; i < step; i++) queue.push(pushed++);
        expect(queue.length()).toBe(pushed - out.length);
      }
      while (queue.length() > 0) out.push(...queue.shift());
      expect(out).toEqual(Array.from({ length: pushed }, (_, i) => i));
      expect(readdirSync(folder)).toEqual([]);
      queue.close();
    }),
    { numRuns: 50 },
  );
});

test('a disk that takes nothing loses nothing', () => {
  const file = join(folder, 'file');
  writeFileSync(file, '');
  const queue = createDiskQueue<number>(join(file, 'spool'));
  for (let i = 0; i < 3_000; i++) queue.push(i);
  expect(queue.length()).toBe(3_000);
  expect(queue.shift()).toEqual(Array.from({ length: 3_000 }, (_, i) => i));
});
