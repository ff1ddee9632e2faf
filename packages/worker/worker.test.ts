import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import type { Assignment } from '@fleetune/protocol';
import { impatientClock, realWorker, type RealWorker } from './testing/real-worker.ts';
import { scriptedRunner } from './testing/scripted-runner.ts';
import { waitFor } from './testing/wait-for.ts';

let real: RealWorker | undefined;
afterEach(async () => {
  await real?.close();
  real = undefined;
});

test('a program that prints its metric and exits with 0 completes', async () => {
  real = await realWorker();
  const command = ['sh', '-c', 'echo "{\\"acc\\": $0}"', '{lr}'];
  const ended = await real.end({ command }, { lr: 0.5 });
  expect(ended).toMatchObject({ trial: 1, attempt: 1, slot: 0, end: 'completed' });
  expect(ended.exit).toEqual({ code: 0 });
  expect(ended.exitedUs).toBeGreaterThan(ended.spawnedUs);
  expect(real.coordinator.rows.get('1.1')).toEqual([{ step: 1, metrics: { acc: 0.5 } }]);
});

test('the answer to a result brings the next trial of its slot', async () => {
  const { runner, attempts } = scriptedRunner();
  real = await realWorker({ runner });
  const { coordinator } = real;
  coordinator.offer(real.trial({}), real.trial({}));
  await waitFor(() => attempts.length === 1);
  const before = coordinator.requests.length;
  attempts[0]!.end('completed');
  await waitFor(() => attempts.length === 2);
  const [exchange] = coordinator.requests.slice(before);
  expect(exchange).toMatchObject({ ended: [{ trial: 1 }], free: [0], waitMs: 0 });
  attempts[1]!.end('completed');
});

test('a last report and the end that follows it leave in one exchange', async () => {
  const { runner, attempts } = scriptedRunner();
  real = await realWorker({ runner });
  const { coordinator } = real;
  coordinator.offer(real.trial({}));
  await waitFor(() => attempts.length === 1);
  const before = coordinator.requests.length;
  attempts[0]!.report(0.5);
  attempts[0]!.end('completed');
  await waitFor(() => coordinator.requests.length > before);
  const [exchange] = coordinator.requests.slice(before);
  expect(exchange).toMatchObject({ reports: [{ trial: 1 }], ended: [{ trial: 1 }] });
});

test('no slot is offered twice, whatever overtakes what', async () => {
  const { runner, attempts } = scriptedRunner();
  real = await realWorker({ runner, slots: 3 });
  const { coordinator } = real;
  coordinator.offer(...Array.from({ length: 30 }, () => real!.trial({})));
  for (let i = 0; i < 30; i++) {
    await waitFor(() => attempts.length > i);
    attempts[i]!.end('completed');
  }
  await coordinator.finished();
  expect(coordinator.ended.map(({ trial }) => trial).sort((a, b) => a - b)).toEqual(
    Array.from({ length: 30 }, (_, i) => i + 1),
  );
});

test('requests and answers that get lost neither lose nor double a fact', async () => {
  const loss = fc.record({
    lost: fc.array(fc.boolean(), { minLength: 5, maxLength: 40 }),
    rows: fc.array(fc.nat(20), { minLength: 1, maxLength: 6 }),
  });
  await fc.assert(
    fc.asyncProperty(loss, async ({ lost, rows }) => {
      let way = 0;
      const network = (): void => {
        if (lost[way++] === true) throw new Error('the network is down');
      };
      const { runner, attempts } = scriptedRunner();
      const one = await realWorker({ runner, slots: 2, network, clock: impatientClock });
      one.coordinator.offer(...rows.map(() => one.trial({})));
      for (const [i, count] of rows.entries()) {
        await waitFor(() => attempts.length > i);
        for (let row = 0; row < count; row++) attempts[i]!.report(row);
        attempts[i]!.end('completed');
      }
      await one.coordinator.finished();
      expect(one.coordinator.ended).toHaveLength(rows.length);
      for (const { assignment, reported } of attempts) {
        const arrived = one.coordinator.rows.get(`${assignment.trial}.1`) ?? [];
        expect(arrived.map(({ metrics }) => metrics['acc'])).toEqual(reported);
      }
      await one.close();
    }),
    { numRuns: 30 },
  );
});

test('a stale attempt is killed, and says nothing more', async () => {
  const { runner, attempts } = scriptedRunner();
  real = await realWorker({ runner });
  const { coordinator } = real;
  coordinator.offer(real.trial({}), real.trial({}));
  await waitFor(() => attempts.length === 1);
  coordinator.makeStale(1, 1);
  attempts[0]!.report(1);
  await waitFor(() => attempts[0]!.killed);
  attempts[0]!.report(2);
  attempts[0]!.end('lost');
  coordinator.free(0);
  await waitFor(() => attempts.length === 2);
  expect(coordinator.ended).toEqual([]);
  expect(coordinator.rows.has('1.1')).toBe(false);
  attempts[1]!.end('completed');
});

test('a draining worker stops its trials politely, takes no more, and leaves', async () => {
  const { runner, attempts } = scriptedRunner();
  real = await realWorker({ runner });
  const { coordinator, worker } = real;
  coordinator.offer(real.trial({}), real.trial({}));
  await waitFor(() => attempts.length === 1);
  worker.drain('walltime is over');
  expect(attempts[0]!.stopped).toEqual({ end: 'preempted', why: 'walltime is over' });
  attempts[0]!.end('preempted');
  await real.left;
  expect(attempts).toHaveLength(1);
  expect(coordinator.ended).toMatchObject([{ end: 'preempted' }]);
  expect(coordinator.requests.at(-1)).toMatchObject({ draining: true, leaving: true, free: [] });
});

test('a command to quit kills at once', async () => {
  const { runner, attempts } = scriptedRunner();
  real = await realWorker({ runner });
  real.coordinator.offer(real.trial({}));
  await waitFor(() => attempts.length === 1);
  real.coordinator.send({ command: 'quit', reason: 'the study ended' });
  await waitFor(() => attempts[0]!.killed);
  attempts[0]!.end('preempted');
  await real.left;
  expect(real.coordinator.ended).toMatchObject([{ end: 'preempted' }]);
});

test('a worker that the coordinator has given up drops its trials and registers again', async () => {
  const { runner, attempts } = scriptedRunner();
  real = await realWorker({ runner });
  const { coordinator } = real;
  coordinator.offer(real.trial({}), real.trial({}));
  await waitFor(() => attempts.length === 1);
  coordinator.forget();
  attempts[0]!.report(1);
  await waitFor(() => attempts[0]!.killed);
  attempts[0]!.end('lost');
  await waitFor(() => attempts.length === 2);
  expect(coordinator.registered).toHaveLength(2);
  attempts[1]!.end('completed');
});

test('without any answer for too long the worker ends its trials and says why', async () => {
  let down = false;
  const network = (): void => {
    if (down) throw new Error('connection refused');
  };
  const { runner, attempts } = scriptedRunner();
  real = await realWorker({ runner, network, deathTimeoutMs: 0 });
  real.coordinator.offer(real.trial({}));
  await waitFor(() => attempts.length === 1);
  down = true;
  attempts[0]!.report(1);
  await waitFor(() => attempts[0]!.killed);
  attempts[0]!.end('lost');
  await expect(real.left).rejects.toMatchObject({ code: 'worker.coordinator-gone' });
});

test('a trial for a slot that is taken goes back unstarted', async () => {
  const { runner, attempts } = scriptedRunner();
  real = await realWorker({ runner });
  const { coordinator } = real;
  coordinator.offer(real.trial({}));
  await waitFor(() => attempts.length === 1);
  coordinator.force({ ...real.trial({}), slot: 0 } as Assignment);
  await coordinator.until(() => coordinator.ended.length === 1);
  expect(coordinator.ended[0]).toMatchObject({ trial: 2, end: 'preempted' });
  attempts[0]!.end('completed');
});

test('an attempt that is sent again begins once; one of a later study of the same name is another', async () => {
  const programs = scriptedRunner();
  real = await realWorker({ runner: programs.runner });
  const { coordinator } = real;
  const sent = { ...real.trial({}), slot: 0 };
  coordinator.force(sent);
  await waitFor(() => programs.attempts.length === 1);
  programs.attempts[0]!.end('completed');
  await coordinator.until(() => coordinator.ended.length === 1);
  coordinator.force(sent);
  coordinator.force({ ...sent, createdAt: 1 });
  await waitFor(() => programs.attempts.length === 2);
  programs.attempts[1]!.end('completed');
  await coordinator.until(() => coordinator.ended.length === 2);
  expect(programs.attempts.map(({ assignment }) => assignment.createdAt)).toEqual([0, 1]);
});
