import { DatabaseSync } from 'node:sqlite';
import { replay, toSnapshot, type LineText } from '@fleetune/core';
import { manualClock } from '@fleetune/platform/testing';
import { expect, it } from 'vitest';
import { loadStudy, memoryStore, type Store } from './store/index.ts';
import { sampleSpec } from './store/testing/samples.ts';
import { sqlitePlace } from './store/testing/sqlite-place.ts';
import { openStudyHost, type StudyHost } from './study-host.ts';

const ROWS = 600;
const spec = { ...sampleSpec, budget: { trials: 40 } };

/** A study that runs, with one worker. */
function begunStudy(store = memoryStore(), slots = 1) {
  const { id } = store.createStudy(spec.name, spec, 0);
  const host = openStudyHost(store, manualClock(), id, spec.name);
  host.apply({ kind: 'create', spec });
  host.apply({ kind: 'start-run', slots: 1, keepGoing: true });
  host.apply({ kind: 'worker-joined', worker: 'w', host: 'h', pid: 1, slots });
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

/** As core writes them. */
function storedLines(store: Store, id: number): LineText[] {
  const { event, heads } = store.snapshot(id)!;
  return heads.map((head, line) => ({ head, trials: store.snapshotTrials(id, line, event)! }));
}

const REASON = { code: 'test', text: 'by the test' };

it('a snapshot is written with every 1,000 facts and at the end of a run, and is the log', async () => {
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
  expect(storedLines(store, id)).toEqual(live);
  expect(toSnapshot(replay(store.events(id, 0)))).toEqual(live);
  expect(toSnapshot(loadStudy(store, id))).toEqual(live);
});

it('with many slots a snapshot is written less often, since each has all of them', async () => {
  const { store, id, host } = begunStudy(memoryStore(), 1_000);
  const written = new Set<number | undefined>();
  for (let trial = 0; trial < 20; trial += 1) {
    await runTrial(host, trial);
    written.add(store.snapshot(id)?.event);
  }
  // None; then the first after 1,000 facts; then every 5,000: of some 600 for each trial.
  expect(written.size).toBe(4);
});

it('a damaged snapshot costs time, and nothing else: the log says all of it', async () => {
  const place = sqlitePlace();
  const { store, id, host } = begunStudy(place.open());
  for (let trial = 0; trial < 40; trial += 1) await runTrial(host, trial);
  const live = toSnapshot(host.state);
  const lines = storedLines(store, id);
  expect(lines.length).toBe(4);
  const other = new DatabaseSync(place.path);
  for (const part of ['head', 'trials'] as const) {
    const write = other.prepare(`UPDATE snapshot SET ${part} = ? WHERE line = ?`);
    for (const [line, { [part]: text }] of lines.entries()) {
      // In the first line there are none.
      if (text === '') continue;
      for (const at of [0, text.length >> 1, text.length - 1]) {
        write.run(text.slice(0, at) + (text[at] === '1' ? '2' : '1') + text.slice(at + 1), line);
        if (part === 'head') expect(store.snapshot(id)).toBeUndefined();
        else expect(store.snapshotTrials(id, line, Infinity)).toBeUndefined();
        expect(toSnapshot(loadStudy(store, id))).toEqual(live);
      }
      write.run(text, line);
      expect(storedLines(store, id)).toEqual(lines);
    }
  }
  other.exec('DELETE FROM snapshot WHERE line = 2');
  expect(store.snapshot(id)).toBeUndefined();
  other.exec('UPDATE snapshot SET line = 2 WHERE line = 3');
  expect(store.snapshot(id)).toBeUndefined();
  other.close();
  await place.dispose();
});
