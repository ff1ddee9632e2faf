import { expect, it } from 'vitest';
import { bench, type Bench } from '../test/one-slot.ts';
import { specWith } from '../test/study-driver.ts';
import { whyWaiting } from './why-waiting.ts';

const why = (study: Bench, trial: number) => whyWaiting(study.state, trial, study.now);
const reason = { code: 'user', text: 'lunch' };

function withEnqueued(count: number): Bench {
  const study = bench(specWith(), 1);
  study.start();
  for (let i = 0; i < count; i += 1) study.send({ kind: 'enqueue', params: { x: 0.1 * i } });
  return study;
}

it('a trial that runs or has ended waits for nothing', () => {
  const study = bench(specWith(), 1);
  study.start();
  expect(why(study, 0)).toBeUndefined();
  study.report(0, [1]);
  study.end(0, 'completed');
  expect(why(study, 0)).toBeUndefined();
});

it('a queued trial is told its place in line, behind those that were started before', () => {
  const study = withEnqueued(2);
  expect(why(study, 1)).toMatchObject({ code: 'in-line', text: expect.stringContaining('next') });
  expect(why(study, 2)).toMatchObject({ text: '1 queued trial is before it' });
  study.end(0, 'preempted');
  expect(why(study, 0)).toMatchObject({ text: expect.stringContaining('next') });
  expect(why(study, 2)).toMatchObject({ text: '2 queued trials are before it' });
});

it('what holds the study or all its workers back is why each queued trial waits', () => {
  const study = withEnqueued(1);
  study.send({ kind: 'quarantine-worker', worker: 'w', reason });
  expect(why(study, 1)).toEqual(reason);
  study.send({ kind: 'worker-joined', worker: 'v', host: 'h', pid: 2, slots: 1 });
  expect(why(study, 1)).toMatchObject({ code: 'in-line' });
  study.send({ kind: 'pause-study', reason: { code: 'user', text: 'tea' } });
  expect(why(study, 1)).toEqual({ code: 'user', text: 'tea' });
});

it('without a worker or a run it says so', () => {
  const study = withEnqueued(1);
  study.send({ kind: 'worker-left', worker: 'w', how: 'lost', atUs: 0, idle: [] });
  expect(why(study, 1)).toMatchObject({ code: 'no-worker' });
  study.send({ kind: 'end-run', end: 'drained', reason });
  expect(why(study, 1)).toMatchObject({ code: 'no-run' });
});

it('a paused trial waits for somebody, and one that has to be alone for a worker without others', () => {
  const study = withEnqueued(1);
  study.send({ kind: 'pause-trial', trial: 1, reason });
  expect(why(study, 1)).toMatchObject({ code: 'paused' });
  study.end(0, 'out-of-memory');
  expect(why(study, 0)).toMatchObject({ code: 'solo.waiting' });
});
