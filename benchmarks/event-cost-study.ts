// The process of one study of the benchmark `event-cost`: `node event-cost-study.ts DATABASE`, asked over IPC.

import { getHeapStatistics } from 'node:v8';
import { sqliteStore, type Append, type Store } from '@fleetune/coordinator/store';
import type { StudyState } from '@fleetune/core';
import { grownStudy, type GrownStudy } from './grown-study.ts';

export interface Timed {
  usPerEvent: number;
}

/** Steps per event, by what they are. */
export type Counted = Record<string, number>;

const WORKERS = 4;
/** Events of one turn: more than lie between two snapshots. */
const TURN = 12_000;

const before = heapNow();
const written = { rows: 0, snapshotBytes: 0 };
const store = counting(sqliteStore(process.argv[2]!));
const study = await grownStudy(store, WORKERS);

process.on('message', (what: 'time' | 'count' | 'heap') => {
  const answers = { time: timed, count: counted, heap: heapPerTrial };
  void answers[what]().then((answer) => process.send!(answer));
});
process.send!('ready');

/** The disk's syncs are outside: CPU time only, with that of the garbage collector's threads. */
async function timed(): Promise<Timed> {
  const start = process.cpuUsage();
  const events = await turn(study);
  const { user, system } = process.cpuUsage(start);
  return { usPerEvent: (user + system) / events };
}

async function turn({ host, tick, synced }: GrownStudy): Promise<number> {
  const from = host.state.lastEvent;
  while (host.state.lastEvent < from + TURN) {
    tick();
    await synced();
  }
  return host.state.lastEvent - from;
}

async function counted(): Promise<Counted> {
  const { state } = study.host;
  const reads = { trials: 0, standing: 0 };
  const { trials } = state;
  (state as { trials: StudyState['trials'] }).trials = new Proxy(trials, {
    get(target, key, receiver) {
      if (typeof key === 'string' && /^\d/.test(key)) reads.trials += 1;
      return Reflect.get(target, key, receiver) as unknown;
    },
  });
  for (const level of state.standing.levels) {
    const { losses } = level;
    const get = losses.get.bind(losses);
    losses.get = (trial) => {
      reads.standing += 1;
      return get(trial);
    };
  }
  Object.assign(written, { rows: 0, snapshotBytes: 0 });
  const events = await turn(study);
  (state as { trials: StudyState['trials'] }).trials = trials;
  for (const { losses } of state.standing.levels) Reflect.deleteProperty(losses, 'get');
  return {
    'trial records read': reads.trials / events,
    'standings compared': reads.standing / events,
    'rows written': written.rows / events,
    'snapshot bytes': written.snapshotBytes / events,
  };
}

async function heapPerTrial(): Promise<number> {
  return (heapNow() - before) / study.host.state.trials.length;
}

function heapNow(): number {
  // Twice: what the first one finalises is freed by the second.
  globalThis.gc!();
  globalThis.gc!();
  const { used_heap_size, external_memory } = getHeapStatistics();
  return used_heap_size + external_memory;
}

function counting(inner: Store): Store {
  return {
    ...inner,
    append(append: Append) {
      written.rows += append.events.length + append.trials.length + 1;
      written.snapshotBytes += (append.snapshot ?? []).reduce(
        (sum, { text }) => sum + text.length,
        0,
      );
      return inner.append(append);
    },
  };
}
