import { fail } from '@fleetune/core';
import { silentLogger } from '@fleetune/platform/node';
import { afterEach, describe, expect, test } from 'vitest';
import { impatientClock, realWorker, type RealWorker } from './testing/real-worker.ts';
import { scriptedRunner } from './testing/scripted-runner.ts';
import { waitFor } from './testing/wait-for.ts';

let real: RealWorker | undefined;
afterEach(async () => {
  await real?.close();
  real = undefined;
});

const UNREACHABLE = fail('coordinator.unreachable', 'http://head', { problem: 'ECONNREFUSED' });

/** So that minutes of silence are over in a second. */
const hastyClock = { ...impatientClock, monotonic: () => 1000 * impatientClock.monotonic() };

/** A worker whose trial runs, and a network that does what `trouble` does. */
async function running(clock = impatientClock) {
  const said: string[] = [];
  const log = {
    ...silentLogger,
    warn: (message: string) => void said.push(message),
    info: (message: string) => void said.push(message),
  };
  const network = { trouble: (): void => undefined };
  const programs = scriptedRunner();
  const made = await realWorker({
    runner: programs.runner,
    clock,
    log,
    network: () => network.trouble(),
  });
  real = made;
  made.coordinator.offer(made.trial({}));
  await waitFor(() => programs.attempts.length === 1);
  return { network, said, programs, attempt: programs.attempts[0]!, real: made };
}

test('while it is away the trial goes on and its result waits; both are said once', async () => {
  const { network, said, attempt, real } = await running();
  let tries = 0;
  network.trouble = () => {
    tries += 1;
    throw UNREACHABLE;
  };
  attempt.report(1);
  attempt.end('completed');
  await waitFor(() => tries > 5);
  network.trouble = () => undefined;
  await real.coordinator.finished();
  expect(attempt.killed).toBe(false);
  expect(real.coordinator.rows.get('1.1')).toHaveLength(1);
  expect(real.coordinator.registered).toHaveLength(1);
  await waitFor(() => said.includes('the coordinator answers again'));
  expect(said.filter((text) => text.includes('does not answer'))).toHaveLength(1);
});

describe('a worker that drains meanwhile', () => {
  test('stays as long as it has a result to bring', async () => {
    const { network, attempt, real } = await running(hastyClock);
    let tries = 0;
    network.trouble = () => {
      tries += 1;
      throw UNREACHABLE;
    };
    attempt.end('completed');
    real.worker.drain('its machine is needed');
    await waitFor(() => tries > 25);
    network.trouble = () => undefined;
    await real.left;
    expect(real.coordinator.ended).toHaveLength(1);
  });

  test('leaves soon without one', async () => {
    let away = false;
    real = await realWorker({
      clock: hastyClock,
      network: () => {
        if (away) throw UNREACHABLE;
      },
    });
    const { coordinator, worker, left } = real;
    await waitFor(() => coordinator.requests.length > 0);
    away = true;
    worker.drain('its machine is needed');
    await left;
  });
});

describe('a refusal ends the worker and its trials, with the reason', () => {
  test.each([
    [fail('auth.token', '', {}), 'the token is missing or wrong'],
    [fail('worker.superseded', '', { worker: 'w' }), 'another process works under the name "w"'],
    [fail('worker.protocol', '', { expected: 2, got: 1 }), 'this coordinator speaks protocol 2'],
  ])('%s', async (refusal, message) => {
    const { network, attempt, real } = await running();
    network.trouble = () => {
      throw refusal;
    };
    attempt.report(1);
    await waitFor(() => attempt.killed);
    attempt.end('lost');
    await expect(real.left).rejects.toBe(refusal);
    expect(refusal.info.message).toContain(message);
  });
});
