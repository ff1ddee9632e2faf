import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createOutbox, type AttemptId, type Batch } from './outbox.ts';

const id = (trial: number): AttemptId => ({ study: 's', trial, attempt: 1 });
const ended = (trial: number) => ({
  ...id(trial),
  end: 'completed' as const,
  why: '',
  slot: 0,
  spawnedUs: 0,
  exitedUs: 1,
});

test('every fact leaves exactly once, in order, the end of an attempt last', () => {
  const step = fc.oneof(
    fc.record({ do: fc.constant('report' as const), trial: fc.nat(2) }),
    fc.record({ do: fc.constant('take' as const) }),
    fc.record({ do: fc.constant('settle' as const) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const outbox = createOutbox();
      const spools = [0, 1, 2].map((trial) => outbox.open(id(trial)));
      const counts = [0, 0, 0];
      const batches: Batch[] = [];
      const take = (): void => void ((batch) => batch && batches.push(batch))(outbox.take());
      for (const action of steps) {
        if (action.do === 'take') take();
        else if (action.do === 'settle') outbox.settle();
        else spools[action.trial]!.report({ metrics: { acc: counts[action.trial]!++ } });
      }
      spools.forEach((spool, trial) => spool.end(ended(trial)));
      for (let i = 0; i < 3; i++) {
        outbox.settle();
        take();
      }
      outbox.settle();
      expect(outbox.empty).toBe(true);
      expect(batches.flatMap((batch) => batch.ended)).toHaveLength(3);
      counts.forEach((count, trial) => {
        const reports = batches.flatMap((b) => b.reports.filter((r) => r.trial === trial));
        const values = reports.flatMap(({ columns }) => columns.metrics['acc'] ?? []);
        expect(values).toEqual(Array.from({ length: count }, (_, i) => i));
        const steps = reports.flatMap(({ columns }) => columns.step);
        expect(steps).toEqual(Array.from({ length: count }, (_, i) => i + 1));
        let next = 0;
        for (const { from, columns } of reports) {
          expect(from).toBe(next);
          next += columns.step.length;
        }
      });
    }),
  );
});

test('rows that lack a metric have null there', () => {
  const outbox = createOutbox();
  const spool = outbox.open(id(1));
  spool.report({ step: 1, metrics: { acc: 0.5 } });
  spool.report({ step: 2, metrics: { loss: 'NaN' } });
  expect(outbox.take()?.reports).toEqual([
    {
      ...id(1),
      from: 0,
      columns: { step: [1, 2], metrics: { acc: [0.5, null], loss: [null, 'NaN'] } },
    },
  ]);
});

test('whoever waits for an answer waits for exactly the rows so far', async () => {
  const outbox = createOutbox();
  const spool = outbox.open(id(1));
  const seen: string[] = [];
  await spool.answered();
  spool.report({ metrics: { acc: 1 } });
  void spool.answered().then(() => seen.push('first'));
  outbox.take();
  spool.report({ metrics: { acc: 2 } });
  const second = spool.answered().then(() => seen.push('second'));
  outbox.settle();
  await Promise.resolve();
  expect(seen).toEqual(['first']);
  outbox.take();
  outbox.settle();
  await second;
  expect(seen).toEqual(['first', 'second']);
});

test('a dropped attempt holds nobody up', async () => {
  const outbox = createOutbox();
  const spool = outbox.open(id(1));
  spool.report({ metrics: { acc: 1 } });
  const answered = spool.answered();
  spool.drop();
  await answered;
  spool.report({ metrics: { acc: 2 } });
  expect(outbox.take()).toBeUndefined();
});

test('rows of a long outage go through the disk, and arrive all the same, the end last', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fleetune outbox '));
  const outbox = createOutbox(folder);
  const spool = outbox.open(id(1));
  const count = 25_500;
  for (let i = 0; i < count; i++) spool.report({ metrics: { acc: i } });
  spool.end(ended(1));
  expect(spool.backlog()).toBe(count);
  const steps: unknown[] = [];
  for (let batch = outbox.take(); batch !== undefined; batch = outbox.take()) {
    for (const { from, columns } of batch.reports) {
      expect(from).toBe(steps.length);
      steps.push(...columns.metrics['acc']!);
    }
    expect(batch.ended).toHaveLength(steps.length === count ? 1 : 0);
    outbox.settle();
  }
  expect(steps).toEqual(Array.from({ length: count }, (_, i) => i));
  expect(outbox.empty).toBe(true);
  rmSync(folder, { recursive: true });
});
