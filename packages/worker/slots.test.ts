import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Ended } from '@fleetune/protocol';
import { manualClock, type ManualClock } from '@fleetune/platform/testing';
import { impatientClock, realWorker, type RealWorker } from './testing/real-worker.ts';
import { scriptedRunner, type ScriptedRunner } from './testing/scripted-runner.ts';
import { waitFor } from './testing/wait-for.ts';

let real: RealWorker;
let programs: ScriptedRunner;
let clock: ManualClock;

/** A worker with one slot, whose first trial took `ms`. */
async function afterTrialOf(ms: number): Promise<void> {
  clock = manualClock();
  programs = scriptedRunner();
  real = await realWorker({ runner: programs.runner, reserves: true, clock });
  await begin(0);
  programs.attempts[0]!.end('completed', ms);
  await real.coordinator.finished();
}

/** Trial 2 runs, and trial 3 waits behind it. */
async function withReserve(): Promise<void> {
  await afterTrialOf(10);
  await begin(1);
  real.coordinator.offer(real.trial({}));
  await waitFor(() => programs.prepared.length === 1);
}

async function begin(index: number): Promise<void> {
  real.coordinator.offer(real.trial({}));
  await waitFor(() => programs.attempts.length === index + 1);
}

async function over(): Promise<void> {
  for (const attempt of programs.attempts) attempt.end('lost');
  let open = true;
  void real.close().finally(() => (open = false));
  await timePasses(() => !open);
}

/** Waits between retries are over when the clock has been advanced. */
async function timePasses(until: () => boolean): Promise<void> {
  await waitFor(() => {
    clock.advance(100);
    return until();
  });
}

const endOf = (trial: number): Ended | undefined =>
  real.coordinator.ended.find((ended) => ended.trial === trial);

describe('a reserve', () => {
  beforeEach(withReserve);
  afterEach(over);

  test('begins in the moment the trial before it is gone, before anything is sent', () => {
    const { attempts } = programs;
    const sent = real.coordinator.requests.length;
    expect(attempts).toHaveLength(2);
    attempts[1]!.exit();
    expect(attempts[2]?.assignment.trial).toBe(3);
    expect(real.coordinator.requests).toHaveLength(sent);
  });

  test('that is under way says nothing before the end of the trial before it has been heard', async () => {
    const { attempts } = programs;
    attempts[1]!.exit();
    attempts[2]!.report(1);
    attempts[2]!.end('completed');
    const heard = real.coordinator.requests.length;
    attempts[1]!.report(2);
    attempts[1]!.end('completed');
    await real.coordinator.finished();
    const facts = real.coordinator.requests
      .slice(heard)
      .map(({ ended, reports }) => [...reports, ...ended].map(({ trial }) => trial))
      .filter((trials) => trials.length > 0);
    expect(facts).toEqual([
      [2, 2],
      [3, 3],
    ]);
  });

  test('that the coordinator wants back ends as preempted, without a time of its own', async () => {
    const { coordinator } = real;
    coordinator.send({ command: 'return', ...id(3), reason: 'another slot is free' });
    await coordinator.until(() => coordinator.ended.length === 2);
    const why = 'another slot is free';
    expect(endOf(3)).toMatchObject({ end: 'preempted', why, spawnedUs: 0, exitedUs: 0 });
    programs.attempts[1]!.end('completed');
    await coordinator.finished();
    expect(programs.attempts).toHaveLength(2);
  });

  test('that has begun cannot be had back, but stopped', async () => {
    const { attempts } = programs;
    attempts[1]!.end('completed');
    real.coordinator.send({ command: 'return', ...id(3), reason: 'too late' });
    real.coordinator.send({ command: 'stop', ...id(3), reason: 'enough' });
    await waitFor(() => attempts[2]!.stopped !== undefined);
    attempts[2]!.end('stopped');
    await real.coordinator.finished();
    expect(endOf(3)).toMatchObject({ end: 'stopped' });
  });

  test('goes back when it is stopped, or the worker drains, while the trial before it goes on', async () => {
    real.worker.drain('maintenance');
    await real.coordinator.until(() => real.coordinator.ended.length === 2);
    expect(endOf(3)).toMatchObject({ end: 'preempted', why: 'maintenance', spawnedUs: 0 });
    programs.attempts[1]!.end('preempted');
    await real.left;
    expect(programs.attempts).toHaveLength(2);
  });

  test('goes back when the trial before it takes long after all', async () => {
    clock.advance(9_000);
    expect(endOf(3)).toBeUndefined();
    clock.advance(1_000);
    await timePasses(() => endOf(3) !== undefined);
    expect(endOf(3)).toMatchObject({ end: 'preempted', why: expect.stringContaining('longer') });
    const reserve = real.coordinator.requests.at(-1)!.reserve;
    expect(reserve).toBeUndefined();
  });

  test('is forgotten with the registration', async () => {
    const { coordinator } = real;
    coordinator.forget();
    programs.attempts[1]!.report(1);
    await waitFor(() => programs.attempts[1]!.killed);
    programs.attempts[1]!.end('lost');
    await timePasses(() => coordinator.registered.length === 2);
    expect(programs.attempts).toHaveLength(2);
  });
});

test('where no more is to come, a slot that gets free has the oldest reserve given back, with its own news', async () => {
  programs = scriptedRunner();
  clock = manualClock();
  real = await realWorker({
    runner: programs.runner,
    slots: 3,
    reserves: true,
    scarce: true,
    clock,
  });
  await begin(0);
  programs.attempts[0]!.end('completed', 10);
  await real.coordinator.finished();
  for (const index of [1, 2]) {
    clock.advance(1);
    await begin(index);
  }
  real.coordinator.offer(real.trial({}), real.trial({}), real.trial({}));
  await waitFor(() => programs.attempts.length === 4 && programs.prepared.length === 2);
  const heard = real.coordinator.requests.length;
  programs.attempts[3]!.end('completed');
  await waitFor(() => endOf(4) !== undefined);
  const [news] = real.coordinator.requests.slice(heard);
  expect(news!.ended.map(({ trial, end }) => [trial, end])).toEqual([
    [4, 'completed'],
    [5, 'preempted'],
  ]);
  expect(news!.free).toHaveLength(1);
  await over();
});

describe('a slot asks for a reserve', () => {
  afterEach(over);
  const asked = () => real.coordinator.requests.flatMap(({ reserve = [] }) => reserve);

  test('while attempts are short', async () => {
    await afterTrialOf(4_999);
    await begin(1);
    await waitFor(() => asked().length > 0);
  });

  test('not while they are long, nor before anything is known', async () => {
    await afterTrialOf(5_000);
    await begin(1);
    programs.attempts[1]!.report(1);
    await real.coordinator.until(() => real.coordinator.rows.has('2.1'));
    expect(asked()).toEqual([]);
  });
});

test('with reserves, too, lost messages neither lose nor double a trial', async () => {
  const lost = fc.array(fc.boolean(), { minLength: 5, maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(lost, fc.integer({ min: 1, max: 3 }), async (losses, slots) => {
      let way = 0;
      const network = (): void => {
        if (losses[way++] === true) throw new Error('the network is down');
      };
      const { runner, attempts } = scriptedRunner();
      const options = { runner, slots, network, clock: impatientClock, reserves: true };
      const one = await realWorker(options);
      one.coordinator.offer(...Array.from({ length: 20 }, () => one.trial({})));
      for (let i = 0; i < 20; i++) {
        await waitFor(() => attempts.length > i);
        attempts[i]!.report(i);
        if (i % 3 === 0) attempts[i]!.exit();
        attempts[i]!.end('completed');
      }
      await one.coordinator.finished();
      const trials = one.coordinator.ended.map(({ trial }) => trial).sort((a, b) => a - b);
      expect(trials).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
      expect(attempts).toHaveLength(20);
      expect(one.coordinator.rows.size).toBe(20);
      await one.close();
    }),
    { numRuns: 30 },
  );
});

function id(trial: number) {
  return { study: 's', trial, attempt: 1 };
}
