// The store of tests, of the simulator and of studies that need not outlive their process.

import { aboutTrial, assert, fail, type StudyEvent } from '@fleetune/core';
import { assertFree, owned } from './ownership.ts';
import type { Append, Owner, SnapshotLine, Store, StudyRow, TrialRow } from './store.ts';
import { newStudyRow } from './study-row.ts';

interface StoredStudy {
  row: StudyRow;
  events: StudyEvent[];
  trials: Map<number, TrialRow>;
  /** By line. */
  snapshot: (SnapshotLine & { event: number })[];
}

/** What several memory stores share, as several connections share a database. */
export interface Memory {
  studies: Map<number, StoredStudy>;
  lastId: number;
  /** The last one; it still owns unless it has `released`. */
  owner?: Owner;
  released: boolean;
  /** Grows with every claim: an older one is deposed. */
  epoch: number;
}

export function memory(): Memory {
  return { studies: new Map(), lastId: 0, released: true, epoch: 0 };
}

const PLACE = 'memory';

/** Copies on the way in and out, so that it shares nothing with its callers, like a database. */
export function memoryStore(shared: Memory = memory()): Store {
  let epoch: number | undefined;
  let open = true;
  const studies = () => {
    assert(open, 'the store is closed');
    return shared.studies;
  };
  const found = (id: number) => {
    const study = studies().get(id);
    assert(study !== undefined, `no study with id ${id}`);
    return study;
  };
  const assertNotDeposed = () => {
    if (epoch !== undefined && epoch !== shared.epoch) throw owned(PLACE, shared.owner!);
  };
  const current = () => (shared.released ? undefined : shared.owner);
  const release = () => {
    if (epoch === shared.epoch) shared.released = true;
    epoch = undefined;
  };
  return {
    studies: () => [...studies().values()].map((study) => structuredClone(study.row)),
    study(name) {
      const study = [...studies().values()].find(({ row }) => row.name === name);
      return study && structuredClone(study.row);
    },
    createStudy(name, spec, at) {
      assertNotDeposed();
      for (const { row } of studies().values())
        if (row.name === name) throw fail('study.exists', PLACE, { name });
      const row = newStudyRow(++shared.lastId, name, structuredClone(spec), at);
      shared.studies.set(row.id, { row, events: [], trials: new Map(), snapshot: [] });
      return structuredClone(row);
    },
    deleteStudy(id) {
      assertNotDeposed();
      studies().delete(id);
    },
    async append(take) {
      assertNotDeposed();
      const append = structuredClone(take());
      apply(found(append.study), append);
    },
    *events(id, after, limit = Infinity, kind) {
      const events = studies().get(id)?.events ?? [];
      // Not those that come meanwhile.
      const end = events.length;
      for (let i = after, left = limit; i < end && left > 0; i++) {
        const event = events[i]!;
        if (kind !== undefined && event.kind !== kind) continue;
        left -= 1;
        yield structuredClone(event);
      }
    },
    trialEvents(id, trial, after, until) {
      const events = studies().get(id)?.events.slice(after, until) ?? [];
      return structuredClone(events.flatMap((event) => aboutTrial(event, trial) ?? []));
    },
    snapshot(id) {
      const stored = studies().get(id)?.snapshot ?? [];
      return stored[0] && { event: stored[0].event, heads: stored.map(({ head }) => head) };
    },
    snapshotTrials(id, line, event) {
      const stored = studies().get(id)?.snapshot[line];
      return stored && stored.event <= event ? stored.trials : undefined;
    },
    trials(id, { state, after = -1, limit = Infinity } = {}) {
      const rows = [...(studies().get(id)?.trials.values() ?? [])]
        .filter((row) => row.number > after && (state === undefined || row.state === state))
        .sort((a, b) => a.number - b.number);
      return structuredClone(rows.slice(0, limit));
    },
    trial: (id, number) => structuredClone(studies().get(id)?.trials.get(number)),
    owner: () => structuredClone(current()),
    claim(owner, gone) {
      if (epoch === undefined || epoch !== shared.epoch) {
        assertFree(PLACE, current(), owner, gone);
        epoch = ++shared.epoch;
      }
      shared.owner = structuredClone(owner);
      shared.released = false;
    },
    release,
    async close() {
      release();
      open = false;
    },
  };
}

function apply(study: StoredStudy, { events, row, trials, snapshot }: Append): void {
  events.forEach((event, i) =>
    assert(event.id === study.row.lastEvent + 1 + i, `event ${event.id} does not follow on`),
  );
  const { id, name, createdAt, spec } = study.row;
  study.row = { spec, ...row, id, name, createdAt };
  study.events.push(...events);
  for (const trial of trials) study.trials.set(trial.number, trial);
  const event = study.row.lastEvent;
  for (const line of snapshot ?? []) study.snapshot[line.line] = { ...line, event };
}
