import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { realWorker, type RealWorker } from '../testing/real-worker.ts';
import { waitFor } from '../testing/wait-for.ts';
import { logFiles, trialFolder } from './log-file.ts';

let real: RealWorker;
beforeEach(async () => {
  real = await realWorker();
});
afterEach(() => real.close());

const py = (script: string) => ({ command: ['python3', '-c', script] });
const accuracies = () => real.coordinator.rows.get('1.1')?.map(({ metrics }) => metrics['acc']);

test('a metrics file is read while it grows, and to its end', async () => {
  const trial = real.trial({
    ...py(
      'import os, time\n' +
        'out = open(os.environ["FLEETUNE_METRICS_FILE"], "a")\n' +
        'print(\'{"acc": 1}\', file=out, flush=True)\n' +
        'while not os.path.exists("go"): time.sleep(0.01)\n' +
        'for i in range(2, 5000): print(\'{"acc": %d}\' % i, file=out)\n' +
        'out.write(\'{"acc": 5000}\')',
    ),
    metrics: { from: 'file', path: 'sub/metrics.jsonl' },
  });
  real.coordinator.offer(trial);
  await real.coordinator.until(() => accuracies()?.length === 1);
  writeFileSync(join(real.folder, 'go'), '');
  await real.coordinator.finished();
  expect(accuracies()).toEqual(Array.from({ length: 5000 }, (_, i) => i + 1));
  expect(real.coordinator.ended[0]!.end).toBe('completed');
});

test('a metrics file of an earlier attempt is moved aside', async () => {
  const trial = real.trial({
    ...py('import os; open(os.environ["FLEETUNE_METRICS_FILE"], "a").write(\'{"acc": 1}\')'),
    metrics: { from: 'file', path: 'metrics.jsonl' },
  });
  real.coordinator.offer(trial, { ...trial, attempt: 2 });
  await real.coordinator.finished();
  expect(real.coordinator.rows.get('1.2')).toHaveLength(1);
});

test('a missing metrics file is named', async () => {
  const ended = await real.end({ ...py('pass'), metrics: { from: 'file', path: 'm.jsonl' } });
  expect(ended.end).toBe('invalid-metric');
  expect(ended.why).toContain('in m.jsonl');
});

test('patterns look at both streams', async () => {
  const ended = await real.end({
    ...py('import sys; print("epoch 3"); print("acc=0.5", file=sys.stderr)'),
    metrics: { from: 'regex', patterns: { acc: 'acc=(\\S+)' } },
  });
  expect(ended.end).toBe('completed');
  expect(accuracies()).toEqual([0.5]);
});

test('a pattern that never matches is named', async () => {
  const ended = await real.end({
    ...py('pass'),
    metrics: { from: 'regex', patterns: { acc: 'acc=(\\S+)' } },
  });
  expect(ended.why).toContain('looked for /acc=(\\S+)/ in its output');
});

test('a log keeps its beginning and its latest part, and stays small', async () => {
  await real.end(
    py('print("the beginning"); print(("x" * 99 + "\\n") * 250_000); print("the end")'),
  );
  const files = logFiles(trialFolder(join(real.folder, 'files'), 1), 1);
  await waitFor(() => readFileSync(files.at(-1)!, 'latin1').endsWith('the end\n'));
  expect(readFileSync(files[0]!, 'latin1').startsWith('the beginning\n')).toBe(true);
  expect(files).toHaveLength(3);
  const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0);
  expect(bytes).toBeLessThan(16_000_000);
});

test('a short log is one file, in the order of the output', async () => {
  await real.end(py('import sys; print("out", flush=True); print("err", file=sys.stderr)'));
  const folder = trialFolder(join(real.folder, 'files'), 1);
  await waitFor(() => logFiles(folder, 1).length > 0);
  const [file, ...rest] = logFiles(folder, 1);
  expect(rest).toEqual([]);
  await waitFor(() => readFileSync(file!, 'utf8') === 'out\nerr\n');
});
