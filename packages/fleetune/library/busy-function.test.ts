// A function that computes holds up the event loop, and with it the heartbeats of its own worker. The coordinator is held
// up as well: when both go on, the heartbeat is due before the lease is. Time runs 50 times as fast: a lease lasts 300 ms.

import { createCoordinator } from '@fleetune/coordinator';
import { memoryStore } from '@fleetune/coordinator/store';
import { readStudy } from '@fleetune/core';
import type { Clock } from '@fleetune/platform';
import { silentLogger, systemClock, systemRandom } from '@fleetune/platform/node';
import { createWorker, functionRunner } from '@fleetune/worker';
import { expect, it } from 'vitest';

const FASTER = 50;
const fastClock: Clock = {
  ...systemClock,
  monotonic: () => systemClock.monotonic() * FASTER,
  after: (ms, callback, options) => systemClock.after(ms / FASTER, callback, options),
};

/** Just below, at and beyond one lease and three heartbeats, and much longer. */
const BUSY_MS = [90, 190, 280, 290, 295, 299, 300, 301, 305, 310, 320, 350, 650];

it('a function that computes for as long as a lease lasts keeps its attempt, and is run once', async () => {
  const file = {
    name: 'busy',
    objective: { metric: 'loss', direction: 'minimize' },
    space: { x: { type: 'float', low: 0, high: 1 } },
    budget: { trials: BUSY_MS.length },
  };
  const read = readStudy(file, { cwd: '/', seed: 1, withoutCommand: true });
  if ('errors' in read) throw new Error(JSON.stringify(read.errors));
  const coordinator = createCoordinator(memoryStore(), fastClock);
  const host = await coordinator.open(read.spec);
  let calls = 0;
  const busy = (): number => {
    const endMs = systemClock.monotonic() + BUSY_MS[calls]!;
    calls += 1;
    while (systemClock.monotonic() < endMs);
    return 1;
  };
  const worker = createWorker({
    link: coordinator.dispatcher,
    slots: 1,
    host: 'here',
    pid: process.pid,
    clock: fastClock,
    random: systemRandom,
    runner: functionRunner(busy, fastClock),
    log: silentLogger,
  });
  const run = coordinator.run(host, { slots: 1, keepGoing: true, files: '/' });
  await Promise.all([run, worker.run()]);
  const { trials, failures } = host.state;
  expect(calls).toBe(BUSY_MS.length);
  expect(failures).toEqual({});
  expect(trials.map(({ state, attempts }) => [state, attempts.length])).toEqual(
    BUSY_MS.map(() => ['completed', 1]),
  );
});
