import type { Coordinator, WorkerView } from '@fleetune/coordinator';
import type { StudyStatus } from '@fleetune/core';
import { expect, test } from 'vitest';
import { endedStatus, runningStatus } from '../testing/sample-status.ts';
import { serverLog } from './server-log.ts';

const { name } = runningStatus;
const worker: WorkerView = {
  worker: 'gpu1',
  host: 'a',
  pid: 1,
  state: 'active',
  silentMs: 10,
  slots: [{}, {}],
};

function logOf(script: { status: StudyStatus; workers: WorkerView[] }) {
  const coordinator = {
    studies: () => [{ name, state: script.status.state }],
    host: () => {
      const { state, paused, lastEvent } = script.status;
      const run = state === 'running' ? {} : undefined;
      return { failed: new Promise(() => undefined), state: { run, paused, lastEvent } };
    },
    status: () => script.status,
    workers: () => script.workers,
  } as unknown as Coordinator;
  const log = serverLog(coordinator);
  return (now: number) => log.look(now).map(({ text }) => text);
}

test('each change is a line, once', () => {
  const script = { status: runningStatus, workers: [worker] };
  const look = logOf(script);
  expect(look(0)).toEqual(['worker gpu1 joined from a with 2 slots', `${name} is running`]);
  expect(look(1)).toEqual([]);
  const reason = { code: 'user', text: 'lunch' };
  script.status = { ...runningStatus, paused: { sinceMs: 0, reason } };
  script.workers = [{ ...worker, state: 'leaving', reason: 'SIGTERM' }];
  expect(look(2)).toEqual(['worker gpu1 is leaving: SIGTERM', `${name} is paused: lunch`]);
  script.status = endedStatus;
  script.workers = [];
  const last = look(3);
  expect(last[0]).toBe('worker gpu1 has left');
  expect(last[1]).toMatch(/^digits-mlp ended: all 200 trials .* 200 trials in 2:41$/);
  expect(look(4)).toEqual([]);
});

test('a study that moves has a line of progress once a minute, one that stands still has none', () => {
  const script = { status: runningStatus, workers: [] };
  const look = logOf(script);
  look(0);
  script.status = { ...runningStatus, lastEvent: runningStatus.lastEvent + 5 };
  expect(look(59_000)).toEqual([]);
  expect(look(60_000)).toEqual([expect.stringMatching(/^digits-mlp {2}0:42 {2}85\/200 trials/)]);
  expect(look(120_000)).toEqual([]);
});

test('a study that cannot be read is told of once, and disturbs nothing else', () => {
  const error = { code: 'study.unreadable', message: 'the study "old" cannot be read: no end' };
  const coordinator = {
    studies: () => [
      { name: 'old', state: 'running', unreadable: error },
      { name, state: runningStatus.state },
    ],
    host: () => ({ failed: new Promise(() => undefined), state: { run: {}, lastEvent: 1 } }),
    status: () => runningStatus,
    workers: () => [],
  } as unknown as Coordinator;
  const log = serverLog(coordinator);
  const texts = (now: number) => log.look(now).map(({ text }) => text);
  expect(texts(0)).toEqual([error.message, `${name} is running`]);
  expect(texts(1)).toEqual([]);
});
