// The simulator's own test: bugs that are planted on purpose have to be found, else it is decoration.

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { canaries } from './canaries.ts';

const SEEDS = 100;
const hunt = new URL('./hunt.ts', import.meta.url).pathname;

it.each(canaries)(
  `within ${SEEDS} seeds $promise finds it when $name`,
  { timeout: 600_000 },
  async ({ name, promise }) => {
    const args = [hunt, name, String(SEEDS)];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    expect(JSON.parse(stdout)).toMatchObject({ promise });
  },
);
