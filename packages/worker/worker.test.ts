import { afterEach, expect, test } from 'vitest';
import { realWorker, type RealWorker } from './testing/real-worker.ts';

let real: RealWorker;
afterEach(() => real.close());

test('a program that prints its metric and exits with 0 completes', async () => {
  real = await realWorker();
  const ended = await real.end(
    { command: ['sh', '-c', 'echo "{\\"acc\\": $0}"', '{lr}'] },
    { lr: 0.5 },
  );
  expect(ended).toMatchObject({ trial: 1, attempt: 1, slot: 0, end: 'completed' });
  expect(ended.exit).toEqual({ code: 0 });
  expect(real.coordinator.rows.get('1.1')).toEqual([{ step: 1, metrics: { acc: 0.5 } }]);
});
