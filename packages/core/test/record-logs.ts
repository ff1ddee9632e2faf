// Records event logs of this release: node packages/core/test/record-logs.ts. Recorded logs are a
// promise (they replay to the same view for ever), so this only adds those that are missing.

import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nextWork, type AttemptEnd, type StudySpec } from '../index.ts';
import { bench, type Bench } from './one-slot.ts';
import { specWith, suggestionOf, withoutFidelity } from './study-driver.ts';
import { studyView } from './study-view.ts';

const FOLDER = join(import.meta.dirname, 'logs', 'v1');

const recordings: Record<string, () => Bench> = {
  'asha-with-faults': ashaWithFaults,
  'edits-and-a-kill': editsAndAKill,
  'live-control': liveControl,
  'no-fidelity': noFidelity,
  'shared-worker': sharedWorker,
};

mkdirSync(FOLDER, { recursive: true });
for (const [name, record] of Object.entries(recordings)) {
  const log = join(FOLDER, `${name}.jsonl`);
  if (existsSync(log)) continue;
  const study = record();
  writeFileSync(log, study.log.map((event) => JSON.stringify(event) + '\n').join(''));
  const view = JSON.stringify(studyView(study.state), null, 1) + '\n';
  writeFileSync(join(FOLDER, `${name}.view.json`), view);
}

function ashaWithFaults(): Bench {
  const study = bench(specWith({ budget: { trials: 24 } }), 4);
  const faults: AttemptEnd[] = ['crashed', 'lost', 'preempted', 'out-of-memory', 'crashed'];
  let us = 1000;
  for (let turn = 0; study.state.trials.length < 24; turn++) {
    const trial = study.start((turn % 10) / 10, turn === 0 ? 'default' : 'random');
    const record = study.state.trials[trial]!;
    const epochs = turn % 6 === 5 ? 2 : 9;
    for (let row = 0; row < epochs && record.stopping === undefined; row++) {
      study.now += 7;
      study.report(trial, [
        turn % 9 === 7 && row === 3 ? 'NaN' : ((turn * 7) % 11) + 1 / (row + 1),
      ]);
    }
    const end = epochs === 2 ? faults[Math.floor(turn / 6) % faults.length]! : 'completed';
    const spawnedUs = us + 40;
    us = spawnedUs + 7000 * epochs;
    study.send({
      kind: 'end-attempt',
      trial,
      attempt: record.attempts.length,
      end: record.stopping === undefined ? end : 'stopped',
      exit: end === 'crashed' ? { code: 1 } : { code: 0 },
      ...(end === 'crashed' && { tail: ['Traceback', 'ValueError: no'] }),
      use: { worker: 'w', slot: record.attempts.at(-1)!.slot, spawnedUs, exitedUs: us },
      waits: { suggestionUs: 10, decisionUs: 0, tailUs: 0, drainedUs: 0 },
    });
  }
  const reason = { code: 'budget-trials', text: 'the budget of 24 trials is used up' };
  study.send({ kind: 'worker-left', worker: 'w', how: 'left', atUs: us + 500, idle: [] });
  study.send({ kind: 'end-run', end: 'budget-trials', reason });
  return study;
}

function editsAndAKill(): Bench {
  const spec = specWith({ objective: { metric: 'accuracy', direction: 'maximize' } });
  const study = bench(spec, 2);
  const change = (over: Partial<StudySpec>) =>
    study.send({ kind: 'change-spec', spec: { ...study.state.spec!, ...over } });
  study.report(study.start(), [0.5, 0.6, 0.7, 0.75]);
  study.report(study.start(), [0.6, 0.5], [1, 1]);
  study.now += 5000;
  study.send({ kind: 'start-run', slots: 2, keepGoing: true });
  study.send({ kind: 'worker-joined', worker: 'w', host: 'h', pid: 2, slots: 2 });
  change({ scheduler: { type: 'asha', eta: 2 } });
  study.send({ kind: 'enqueue', params: { x: 0.125 } });
  study.start();
  study.report(0, [0.6, 0.65, 0.7, 0.8, 0.9]);
  study.end(0, 'completed');
  change({ budget: { trials: 3, target: 0.95 }, fidelity: { metric: 'epoch', min: 1, max: 16 } });
  study.start();
  study.report(1, ['-Infinity', 0.5]);
  const reason = { code: 'user', text: 'stopped by a person' };
  study.send({ kind: 'stop-trial', trial: 1, as: 'stopped', reason });
  study.end(1, 'stopped');
  study.start();
  study.report(2, [0.99], [16]);
  study.end(2, 'completed');
  return study;
}

function liveControl(): Bench {
  const retries = { crashed: 1, 'timed-out': 1 };
  const study = bench(specWith({ retries, invalidMetric: 'worst', budget: { trials: 12 } }), 2);
  const reason = { code: 'user', text: 'by a person' };
  const on = (worker: string, x: number) => {
    const next = nextWork(study.state, study.now, worker);
    study.send({ kind: 'start-attempt', worker, suggestion: suggestionOf(x) });
    study.now += 20;
    return 'trial' in next ? next.trial : -1;
  };
  study.report(on('w', 0.5), [4, 3, 2], [1, 3, 9]);
  study.end(0, 'completed');
  study.send({ kind: 'worker-joined', worker: 'x', host: 'bad', pid: 2, slots: 3 });
  const fast = [on('x', 0.1), on('x', 0.2), on('x', 0.3)];
  study.end(fast[0]!, 'out-of-memory');
  for (const trial of fast.slice(1)) study.end(trial, 'crashed', { tail: ['no device'] });
  study.end(on('w', 0), 'out-of-memory');
  study.end(on('w', 0), 'out-of-memory');
  study.report(on('w', 0), ['NaN']);
  study.report(on('w', 0), [3.5]);
  study.end(2, 'stopped');
  study.send({ kind: 'pause-study', reason });
  study.now += 1000;
  study.end(3, 'timed-out');
  study.send({ kind: 'resume-study', reason });
  study.report(on('w', 0), [1, 0.5, 0.25]);
  study.end(3, 'timed-out');
  study.send({ kind: 'retry-trial', trial: 1, reason });
  study.send({ kind: 'correct-trial', trial: 0, value: 2.5, by: 'anna', reason });
  study.send({ kind: 'drain-worker', worker: 'w', reason });
  study.send({ kind: 'release-worker', worker: 'x', reason });
  const known = study.state.spec!;
  const x = { name: 'x', type: 'float', low: 0, high: 0.25, log: false } as const;
  const act = { name: 'act', type: 'categorical', choices: ['relu'], default: 'relu' } as const;
  const space = [x, { ...act, choices: [...act.choices] }];
  study.send({ kind: 'change-spec', spec: { ...known, space }, reason });
  study.report(on('x', 0), [6]);
  study.send({ kind: 'stop-trial', trial: 1, as: 'stopped', reason });
  study.end(1, 'stopped');
  study.send({ kind: 'discard-trial', trial: 3, reason });
  return study;
}

function noFidelity(): Bench {
  const study = bench(withoutFidelity({ budget: { trials: 6, timeMs: 60_000 } }), 2);
  const ends: AttemptEnd[] = ['completed', 'timed-out', 'completed', 'invalid-metric', 'cancelled'];
  ends.forEach((end, i) => {
    const trial = study.start(i / 8);
    study.now += 300;
    if (end !== 'invalid-metric') study.report(trial, [3 - i, 'Infinity', 2 - i]);
    study.end(trial, end);
  });
  study.start(1);
  study.report(5, [1]);
  study.now += 60_000;
  study.send({ kind: 'tick' });
  study.end(5, 'stopped');
  return study;
}

function sharedWorker(): Bench {
  const study = bench(specWith({ budget: { trials: 12 } }), 1);
  const reason = { code: 'user', text: 'by a person' };
  const join = { worker: 's', host: 'big', pid: 9, slots: 3, incarnation: 'one' } as const;
  const start = (slot: number, more: { fromUs?: number; reserve?: true }) => {
    const next = nextWork(study.state, study.now, 's', more.reserve);
    const suggestion = suggestionOf(slot / 4);
    study.send({ kind: 'start-attempt', worker: 's', slot, suggestion, ...more });
    study.now += 10;
    return 'trial' in next ? next.trial : -1;
  };
  const end = (trial: number, slot: number, spawnedUs: number, exitedUs: number) => {
    const attempt = study.state.trials[trial]!.attempts.length;
    const use = { worker: 's', slot, spawnedUs, exitedUs };
    study.send({ kind: 'end-attempt', trial, attempt, end: 'completed', use });
  };
  const item = (trial: number, losses: number[]) => {
    const columns = { step: losses.map((_, i) => i + 1), metrics: { loss: losses } };
    return { trial, attempt: study.state.trials[trial]!.attempts.length, from: 0, columns };
  };
  study.send({ kind: 'worker-joined', ...join, shared: true, nowUs: 2000 });
  const [a, b] = [start(0, { fromUs: 2500 }), start(1, { fromUs: 2400 })];
  const [c, d] = [start(0, { reserve: true }), start(1, { reserve: true })];
  study.send({ kind: 'report', items: [item(a, [3, 2, 1]), item(b, [2, 1.5]), item(c, [1])] });
  end(a, 0, 2600, 9000);
  study.end(d, 'preempted', { why: 'was given back' });
  study.send({ kind: 'resume-run' });
  study.send({ kind: 'pause-trial', trial: c, reason });
  study.end(c, 'preempted');
  study.send({ kind: 'drain-trial', trial: b, reason });
  study.end(b, 'stopped');
  study.send({ kind: 'resume-trial', trial: c, reason });
  study.send({ kind: 'slot-left', worker: 's', slot: 1, atUs: 9500 });
  const e = start(1, { fromUs: 20_000 });
  end(e, 1, 20_100, 30_000);
  const f = start(0, {});
  start(0, { reserve: true });
  study.send({ kind: 'pause-trial', trial: f, reason });
  const left = { kind: 'worker-left', worker: 's', how: 'lost', atUs: 32_000 } as const;
  study.send({ ...left, idle: [], elsewhere: [1], fromUs: [null, null, 31_000] });
  return study;
}
