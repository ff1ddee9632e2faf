import { afterEach, expect, test } from 'vitest';
import { systemRandom } from '@fleetune/platform/node';
import { manualClock, type ManualClock } from '@fleetune/platform/testing';
import { createLifetime, walltimeLeftMs } from './lifetime.ts';
import { realWorker, type RealWorker } from './testing/real-worker.ts';
import { scriptedRunner, type ScriptedRunner } from './testing/scripted-runner.ts';
import { waitFor } from './testing/wait-for.ts';

let real: RealWorker | undefined;
afterEach(async () => {
  await real?.close();
  real = undefined;
});

async function worker(): Promise<{
  clock: ManualClock;
  programs: ScriptedRunner;
  real: RealWorker;
}> {
  const clock = manualClock();
  const programs = scriptedRunner();
  const walltime = { leftMs: 4_000, graceMs: 1_000 };
  real = await realWorker({ runner: programs.runner, clock, walltime });
  real.coordinator.offer(real.trial({}), real.trial({}));
  await waitFor(() => programs.attempts.length === 1);
  return { clock, programs, real };
}

test('before its walltime is over the worker drains itself, with time for programs to save', async () => {
  const { clock, programs } = await worker();
  const [first] = programs.attempts;
  clock.advance(2_800);
  expect(first!.stopped).toBeUndefined();
  clock.advance(200);
  expect(first!.stopped).toEqual({ end: 'preempted', why: 'its walltime is nearly over' });
  first!.end('preempted');
});

test('it says how much time it has left, so that it gets no trial that would be cut off', async () => {
  const { clock, programs, real } = await worker();
  clock.advance(2_000);
  programs.attempts[0]!.end('completed', 1_500);
  await waitFor(() => programs.attempts.length === 2);
  const said = real.coordinator.requests.map(({ leftMs = Infinity }) => leftMs);
  // 5 % of three seconds at most are given up so that not all leave at once.
  expect(said[0]).toBeGreaterThanOrEqual(2_850);
  expect(said[0]).toBeLessThanOrEqual(3_000);
  expect(said.at(-1)).toBe(said[0]! - 2_000);
  real.coordinator.send({ command: 'drain', reason: 'nothing would end in time' });
  programs.attempts[1]!.end('completed');
  await real.left;
});

test('workers that began together drain within the last 5 % of their time, not at once', () => {
  const drains = Array.from({ length: 50 }, () => {
    const clock = manualClock();
    let drained = false;
    const walltime = { leftMs: 101_000, graceMs: 1_000 };
    createLifetime(walltime, { clock, random: systemRandom }, () => (drained = true));
    while (!drained) clock.advance(100);
    return clock.monotonic();
  });
  expect(Math.min(...drains)).toBeGreaterThanOrEqual(95_000);
  expect(Math.max(...drains)).toBeLessThanOrEqual(100_100);
  expect(new Set(drains).size).toBeGreaterThan(5);
});

test("the end of a Slurm job is read from the worker's environment", () => {
  expect(walltimeLeftMs({ SLURM_JOB_END_TIME: '1000' }, 400_000)).toBe(600_000);
  expect(walltimeLeftMs({ SLURM_JOB_END_TIME: '1000' }, 2_000_000)).toBe(0);
  expect(walltimeLeftMs({}, 0)).toBeUndefined();
  expect(walltimeLeftMs({ SLURM_JOB_END_TIME: 'soon' }, 0)).toBeUndefined();
});
