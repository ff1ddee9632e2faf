import { replay, toSnapshot } from '@fleetune/core';
import { manualClock } from '@fleetune/platform/testing';
import { expect, it } from 'vitest';
import { loadStudy, memoryStore, viewStudy } from './store/index.ts';
import { sampleSpec } from './store/testing/samples.ts';
import { openStudyHost, type StudyHost } from './study-host.ts';

const ROWS = 3000;

/** A study that runs, with a worker of one slot. */
function begunStudy() {
  const store = memoryStore();
  const { id } = store.createStudy(sampleSpec.name, sampleSpec, 0);
  const host = openStudyHost(store, manualClock(), id, sampleSpec.name);
  host.apply({ kind: 'create', spec: sampleSpec });
  host.apply({ kind: 'start-run', slots: 1, keepGoing: true });
  host.apply({ kind: 'worker-joined', worker: 'w', host: 'h', pid: 1, slots: 1 });
  return { store, id, host };
}

/** One trial from its start to its end, with many reports. */
async function runTrial(host: StudyHost, trial: number): Promise<void> {
  const suggestion = { params: { lr: 0.01 }, sampler: 'random', reason: REASON };
  host.apply({ kind: 'start-attempt', worker: 'w', suggestion });
  const step = Array.from({ length: ROWS }, (_, i) => i + 1);
  const columns = { step, metrics: { accuracy: step.map((at) => at / ROWS) } };
  host.report([{ trial, attempt: 1, from: 0, columns }]);
  host.apply({ kind: 'end-attempt', trial, attempt: 1, end: 'completed' });
  await host.commit();
}

const REASON = { code: 'test', text: 'by the test' };

it('a snapshot is written with every 5,000 facts and at the end of a run, and is the log', async () => {
  const { store, id, host } = begunStudy();
  const written: (number | undefined)[] = [];
  for (let trial = 0; trial < 5; trial += 1) {
    await runTrial(host, trial);
    written.push(store.snapshot(id)?.event);
  }
  expect(written[0]).toBeUndefined();
  expect(written[1]).toBeGreaterThan(0);
  expect(written[2]).toBe(written[1]);
  expect(written[3]).toBeGreaterThan(written[1]!);
  host.apply({ kind: 'end-run', end: 'stopped', reason: REASON });
  await host.commit();
  expect(store.snapshot(id)?.event).toBe(host.state.lastEvent);
  const live = toSnapshot(host.state);
  expect(store.snapshot(id)?.state).toBe(live);
  expect(toSnapshot(replay(store.events(id, 0)))).toBe(live);
  expect(toSnapshot(loadStudy(store, id, () => undefined))).toBe(live);
  expect(toSnapshot(viewStudy(store, id))).toBe(live);
});

it('a damaged snapshot costs time, and nothing else: the log says all of it', async () => {
  const { store, id, host } = begunStudy();
  await runTrial(host, 0);
  await runTrial(host, 1);
  const whole = store.snapshot(id)!;
  for (const cut of [10, whole.state.length >> 1, whole.state.length - 10]) {
    const damaged = { ...whole, state: whole.state.slice(0, cut) };
    const reopened = loadStudy({ ...store, snapshot: () => damaged }, id, () => undefined);
    expect(toSnapshot(reopened)).toBe(toSnapshot(host.state));
  }
});
