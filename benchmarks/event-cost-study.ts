// The process of one study of the benchmark `event-cost`: `node event-cost-study.ts DATABASE`, asked over IPC.

import { getHeapStatistics } from 'node:v8';
import { sqliteStore, type Store } from '@fleetune/coordinator/store';
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
  const reads = { trials: 0, losses: 0 };
  const { trials, standing } = state as { trials: StudyState['trials'] } & StudyState;
  const levels = standing.levels.map((level) => ({ level, losses: level.losses }));
  const mutable = state as { trials: StudyState['trials'] };
  mutable.trials = watched(trials, () => (reads.trials += 1));
  for (const { level, losses } of levels) {
    level.losses = watched(losses, () => (reads.losses += 1));
  }
  Object.assign(written, { rows: 0, snapshotBytes: 0 });
  const events = await turn(study);
  mutable.trials = trials;
  for (const { level, losses } of levels) level.losses = losses;
  return {
    'trial records read': reads.trials / events,
    'losses compared': reads.losses / events,
    'rows written': written.rows / events,
    'snapshot bytes': written.snapshotBytes / events,
  };
}

/** The same, which tells of each element that is read. */
function watched<T extends object>(elements: T, read: () => void): T {
  return new Proxy(elements, {
    get(target, key) {
      if (typeof key === 'string' && /^\d/.test(key)) read();
      const value: unknown = Reflect.get(target, key);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
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
    append: (take) =>
      inner.append(() => {
        const append = take();
        written.rows += append.events.length + append.trials.length + 1;
        written.snapshotBytes += (append.snapshot ?? []).reduce(
          (sum, { head, trials }) => sum + head.length + trials.length,
          0,
        );
        return append;
      }),
  };
}
