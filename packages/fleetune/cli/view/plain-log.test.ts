import { expect, test } from 'vitest';
import type { StudyEvent } from '@fleetune/core';
import { recordStudy, recordedStatus } from '../testing/recorded-study.ts';
import { plainLog } from './plain-log.ts';

const { spec, events } = recordStudy();
const status = recordedStatus();

test('an ended trial gets a line, a failed one its last output too', () => {
  const lines = plainLog(spec).take(events, 0, () => status);
  expect(lines).toContainEqual(expect.stringMatching(/^trial 7 completed: loss 0\.391/));
  const failed = lines.findIndex((line) => line.startsWith('trial 3 failed'));
  expect(lines[failed + 1]).toBe('  ValueError: "x", is out of reach');
});

test('an incumbent is named once', () => {
  const log = plainLog(spec);
  const news = [events, events].flatMap((batch) => log.take(batch, 0, () => status));
  expect(news.filter((line) => line.startsWith('new incumbent'))).toEqual([
    'new incumbent: trial 7, loss 0.39103 at epoch 9',
  ]);
});

test('a flood of trials is a few lines and a summary per period', () => {
  const log = plainLog(spec);
  const ended = (trial: number): StudyEvent => ({
    id: trial,
    at: 0,
    kind: 'trial-ended',
    v: 1,
    trial,
    state: 'completed',
    reason: { code: 'completed', text: 'ran to its end' },
  });
  const lines: string[] = [];
  for (let ms = 0; ms < 30_000; ms += 10) {
    lines.push(...log.take([ended(ms)], ms, () => status));
  }
  expect(lines.length).toBeLessThan(3 * 12);
  expect(lines.filter((line) => line.includes('9/9 trials'))).toHaveLength(2);
});
