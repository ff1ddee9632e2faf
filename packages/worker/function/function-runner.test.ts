import { existsSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { systemClock } from '@fleetune/platform/node';
import { realWorker, type RealWorker } from '../testing/real-worker.ts';
import { functionRunner, type TrialFunction } from './function-runner.ts';

let real: RealWorker;
afterEach(() => real.close());

async function started(fn: TrialFunction, options = {}): Promise<RealWorker> {
  real = await realWorker({ runner: functionRunner(fn, systemClock), ...options });
  return real;
}

const metrics = () => real.coordinator.rows.get('1.1')?.map((row) => row.metrics);

test('a returned number is the objective', async () => {
  await started(({ lr }) => Number(lr) * 2);
  const ended = await real.end({}, { lr: 2 });
  expect(ended.end).toBe('completed');
  expect(metrics()).toEqual([{ acc: 4 }]);
});

test('a returned object is a row of metrics, at the target of the fidelity', async () => {
  await started(() => Promise.resolve({ acc: 1, loss: 2, other: 3 }));
  const trial = real.trial({ kept: ['acc', 'loss'], fidelity: 'epoch' });
  real.coordinator.offer({ ...trial, fidelityTarget: 27 });
  await real.coordinator.finished();
  expect(real.coordinator.rows.get('1.1')).toEqual([{ step: 27, metrics: { acc: 1, loss: 2 } }]);
});

test('what was reported wins over what is returned', async () => {
  await started(async (_, { report }) => {
    await report(5, { acc: 0.5 });
    return 0.9;
  });
  await real.end({});
  expect(real.coordinator.rows.get('1.1')).toEqual([{ step: 5, metrics: { acc: 0.5 } }]);
});

test('a throw is a crash with its message and the first lines of its stack', async () => {
  await started(() => {
    throw new RangeError('too deep');
  });
  const ended = await real.end({});
  expect(ended).toMatchObject({ end: 'crashed', why: 'threw RangeError: too deep' });
  expect(ended.tail![0]).toBe('RangeError: too deep');
  expect(ended.tail!.length).toBeGreaterThan(1);
});

test('no finite objective is a failure that says so', async () => {
  await started(() => NaN);
  expect(await real.end({})).toMatchObject({
    end: 'invalid-metric',
    why: 'the function returned, but no finite "acc" was returned or reported',
  });
});

test('a report of unknown metrics throws into the function', async () => {
  await started(async (_, { report }) => void (await report({ accuracy: 1 })));
  expect((await real.end({})).why).toContain('the study looks for acc; report() got accuracy');
});

test('the answer to a report, and the signal, tell the function to stop', async () => {
  const told: unknown[] = [];
  await started(
    async (_, { report, signal }) => {
      while (!(await report({ acc: 1 })));
      told.push(signal.aborted, (signal.reason as Error).message);
    },
    {
      onRow: (_: number, step: unknown) =>
        step === 3
          ? { command: 'stop', study: 's', trial: 1, attempt: 1, reason: 'worse' }
          : undefined,
    },
  );
  const ended = await real.end({});
  expect(ended).toMatchObject({ end: 'stopped', why: 'worse' });
  expect(metrics()).toHaveLength(3);
  expect(told).toEqual([true, 'worse']);
});

test('a function that does not listen is abandoned after its grace', async () => {
  await started(() => new Promise<void>(() => undefined));
  const ended = await real.end({ limits: { graceMs: 20, trialMs: 20 } });
  expect(ended).toMatchObject({ end: 'timed-out', why: 'ran longer than 20ms' });
});

test('the checkpoint folder is there when it is asked for', async () => {
  await started((_, context) => Number(existsSync(context.checkpointDir)));
  await real.end({});
  expect(metrics()).toEqual([{ acc: 1 }]);
});

test('a checkpoint that is asked for is wanted once', async () => {
  const seen: boolean[] = [];
  const ask = { command: 'checkpoint', study: 's', trial: 1, attempt: 1, reason: 'tea' } as const;
  await started(
    async (_, context) => {
      seen.push(context.checkpointWanted());
      await context.report({ acc: 1 });
      seen.push(context.checkpointWanted(), context.checkpointWanted());
    },
    { onRow: () => ask },
  );
  await real.end({});
  expect(seen).toEqual([false, true, false]);
});
