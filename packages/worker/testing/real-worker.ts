// A worker with real processes around a fake coordinator.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Assignment, Ended, Program } from '@fleetune/protocol';
import { silentLogger, systemClock, systemRandom } from '@fleetune/platform/node';
import type { Clock, Logger } from '@fleetune/platform';
import type { Runner } from '../runner.ts';
import { spawnSpawner } from '../spawner/spawner-process.ts';
import { startCommandRunner } from '../start-command-runner.ts';
import type { Walltime } from '../lifetime.ts';
import { createWorker, type Worker } from '../worker.ts';
import { fakeCoordinator, type FakeCoordinator, type FakeOptions } from './fake-coordinator.ts';

export interface RealWorker {
  coordinator: FakeCoordinator;
  worker: Worker;
  folder: string;
  /** A trial of the program; numbers ascend from 1. */
  trial(program: Partial<Program>, params?: Assignment['params']): Omit<Assignment, 'slot'>;
  /** Runs one program and returns how it ended. */
  end(program: Partial<Program>, params?: Assignment['params']): Promise<Ended>;
  /** What the worker's `run` came to. */
  left: Promise<void>;
  /** Quits, waits until the worker has left, and removes the folder. */
  close(): Promise<void>;
}

export interface RealWorkerOptions extends FakeOptions {
  slots?: number;
  runner?: Runner;
  /** Starts a spawner; absent: programs are started in this process. */
  spawner?: readonly [string, ...string[]];
  deathTimeoutMs?: number;
  walltime?: Walltime;
  clock?: Clock;
  log?: Logger;
}

const NEW = { study: 's', attempt: 1, createdAt: 0, leaseMs: 15_000 };

export const clientFolder = join(import.meta.dirname, '..', '..', '..', 'python');

export async function realWorker(options: RealWorkerOptions = {}): Promise<RealWorker> {
  const folder = mkdtempSync(join(tmpdir(), 'fleetune worker '));
  const coordinator = fakeCoordinator(options);
  const { clock = systemClock, log = silentLogger, spawner } = options;
  const ports = { clock, random: systemRandom, log };
  const runner =
    options.runner ??
    (await startCommandRunner({
      ...ports,
      owner: `test-${systemRandom.id()}`,
      clientFolder,
      ...(spawner && { spawner: spawnSpawner({ ...ports, argv: spawner }) }),
    }));
  const { slots = 1, deathTimeoutMs, walltime } = options;
  const worker = createWorker({
    ...ports,
    link: coordinator.link,
    slots,
    host: 'here',
    pid: process.pid,
    runner,
    ...(deathTimeoutMs !== undefined && { deathTimeoutMs }),
    ...(walltime && { walltime }),
  });
  const left = worker.run();
  left.catch(() => undefined);
  let trials = 0;

  function trial(program: Partial<Program>, params: Assignment['params'] = {}) {
    trials += 1;
    const full: Program = {
      cwd: folder,
      env: {},
      metrics: { from: 'stdout-json' },
      kept: ['acc'],
      limits: { graceMs: 10_000 },
      files: join(folder, 'files'),
      ...program,
    };
    return { ...NEW, trial: trials, params, program: full };
  }

  return {
    coordinator,
    worker,
    folder,
    left,
    trial,
    async end(program, params) {
      const one = trial(program, params);
      coordinator.offer(one);
      const ended = (): Ended | undefined =>
        coordinator.ended.find((item) => item.trial === one.trial);
      await coordinator.until(() => ended() !== undefined);
      return ended()!;
    },
    async close() {
      worker.quit('the test is over');
      await left.catch(() => undefined);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Time-outs, of ten seconds, stay as they are; the shorter waits between retries are over at once. */
export const impatientClock: Clock = {
  ...systemClock,
  after: (ms, callback, options) => systemClock.after(ms < 6_000 ? 0 : ms, callback, options),
};
