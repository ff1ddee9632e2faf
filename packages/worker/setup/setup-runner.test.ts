import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { silentLogger, systemClock } from '@fleetune/platform/node';
import { manualClock } from '@fleetune/platform/testing';
import type { Assignment } from '@fleetune/protocol';
import type { AttemptSink, Outcome, Runner } from '../runner.ts';
import { scriptedRunner } from '../testing/scripted-runner.ts';
import { waitFor } from '../testing/wait-for.ts';
import { withLock } from './setup-lock.ts';
import { setupRunner } from './setup-runner.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fleetune setup '));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const count = (): number =>
  existsSync(join(folder, 'ran')) ? readFileSync(join(folder, 'ran'), 'utf8').length : 0;

function assignment(script: string): Assignment {
  return {
    study: 's',
    trial: 1,
    attempt: 1,
    createdAt: 0,
    slot: 0,
    params: {},
    leaseMs: 15_000,
    program: {
      cwd: folder,
      env: {},
      metrics: { from: 'stdout-json' },
      kept: ['acc'],
      limits: { graceMs: 10 },
      files: join(folder, '.fleetune', 's'),
      setup: [['sh', '-c', script]],
    },
  };
}

function runner(clock = systemClock) {
  const programs = scriptedRunner();
  const ends: Outcome[] = [];
  const sink: AttemptSink = {
    report: () => undefined,
    backlog: () => 0,
    answered: () => Promise.resolve(),
    exited: () => undefined,
    ended: (outcome) => void ends.push(outcome),
  };
  const made: Runner = setupRunner(programs.runner, { host: 'node7', clock, log: silentLogger });
  return { ...programs, ends, sink, runner: made };
}

test('the first trials wait for the one setup, whose time is told apart; later ones do not', async () => {
  const { runner: worker, attempts, ends, sink } = runner();
  const trial = assignment('printf x >> ran; until [ -e go ]; do sleep 0.01; done');
  for (let slot = 0; slot < 3; slot++) worker.start({ ...trial, slot }, sink);
  await waitFor(() => count() === 1);
  expect(attempts).toHaveLength(0);
  writeFileSync(join(folder, 'go'), '');
  await waitFor(() => attempts.length === 3);
  for (const attempt of attempts) attempt.end('completed');
  expect(ends).toHaveLength(3);
  expect(ends[0]!.setupUs).toBeGreaterThan(0);
  worker.start(trial, sink);
  expect(attempts).toHaveLength(4);
  expect(count()).toBe(1);
  attempts[3]!.end('completed');
  expect(ends[3]!.setupUs).toBeUndefined();
  await worker.close();
});

test('workers of one host run it one after the other, which is once', async () => {
  const workers = Array.from({ length: 3 }, () => runner());
  const trial = assignment('printf x >> ran; sleep 0.05');
  for (const { runner: worker, sink } of workers) worker.start(trial, sink);
  await waitFor(() => workers.every(({ attempts }) => attempts.length === 1));
  expect(count()).toBe(1);
  await Promise.all(workers.map(({ runner: worker }) => worker.close()));
});

test('a failure ends its attempt with the last lines, and the next try waits', async () => {
  const clock = manualClock();
  const { runner: worker, attempts, ends, sink } = runner(clock);
  const trial = assignment('printf x >> ran; echo no space left; [ -e go ]');
  worker.start(trial, sink);
  await waitFor(() => ends.length === 1);
  expect(ends[0]).toMatchObject({ end: 'crashed', setupFailed: true, tail: ['no space left'] });
  expect(ends[0]!.why).toMatch(/^setup\[0\] failed on node7: exited with 1\./);
  writeFileSync(join(folder, 'go'), '');
  worker.start(trial, sink);
  clock.advance(900);
  expect(count()).toBe(1);
  clock.advance(100);
  await waitFor(() => attempts.length === 1);
  await worker.close();
});

test('an attempt that is stopped during the setup ends without having begun', async () => {
  const { runner: worker, attempts, ends, sink } = runner();
  const running = worker.start(assignment('printf x >> ran; sleep 600'), sink);
  await waitFor(() => count() === 1);
  running.stop({ end: 'preempted', why: 'drained' });
  await waitFor(() => ends.length === 1);
  expect(ends[0]).toMatchObject({ end: 'preempted', why: 'drained' });
  await worker.close();
  expect(attempts).toHaveLength(0);
});

test('the lock of a dead worker is taken over, that of a living one is not', async () => {
  const clock = manualClock();
  const path = join(folder, 'locks', 'lock');
  const { signal } = new AbortController();
  mkdirSync(join(folder, 'locks'));
  writeFileSync(path, '');
  let taken = false;
  void withLock(path, clock, signal, () => Promise.resolve((taken = true)));
  for (let s = 0; s < 19; s++) await pass(clock, 1_000);
  expect(taken).toBe(false);
  await waitFor(() => {
    clock.advance(200);
    return taken;
  });
});

async function pass(clock: { advance(ms: number): void }, ms: number): Promise<void> {
  clock.advance(ms);
  await new Promise((resolve) => setImmediate(resolve));
}
