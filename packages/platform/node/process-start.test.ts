import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { isProcessAlive, processStart } from './process-start.ts';

describe('processStart', () => {
  test('answers the same number for the same living process', () => {
    const start = processStart(process.pid);
    expect(start).toBeGreaterThan(0);
    expect(processStart(process.pid)).toBe(start);
  });

  test('is a safe integer', () => {
    expect(Number.isSafeInteger(processStart(process.pid))).toBe(true);
  });

  test('is undefined for a process that has ended and for pids that cannot be', async () => {
    const child = spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' });
    await once(child, 'exit');
    expect(processStart(child.pid!)).toBeUndefined();
    for (const pid of [0, -1, 1.5, NaN, 2 ** 31 - 1]) expect(processStart(pid)).toBeUndefined();
  });
});

describe('isProcessAlive', () => {
  test('knows a living process by its start, and a reused pid by another start', () => {
    const start = processStart(process.pid)!;
    expect(isProcessAlive(process.pid, start)).toBe(true);
    expect(isProcessAlive(process.pid, start + 1)).toBe(false);
  });

  test('takes a start that nobody knows for alive', () => {
    expect(isProcessAlive(process.pid, 0)).toBe(true);
  });
});
