// One worker whose slots several studies share, with a plain account of whose each slot was when:
// what the studies' ledgers together must say.

import { studyStatus, type LiveWorker } from '../index.ts';
import { specWith, studyDriver, suggestionOf, type StudyDriver } from './study-driver.ts';

const SLOTS = 3;
const WORKER = {
  worker: 'w',
  host: 'h',
  pid: 1,
  slots: SLOTS,
  incarnation: 'i',
  shared: true,
} as const;

interface Slot {
  /** Whose it is; undefined: nobody's. */
  owner?: number;
  /** Since when it is idle, or was given to its owner. */
  idleUs: number;
  run?: { trial: number; spawnedUs: number };
}

export interface SharedCluster {
  pass(us: number): void;
  /** The study begins; what was nobody's is its own. */
  activate(study: number): void;
  /** The study ends with what it runs; its idle slots go to another study, or to nobody. */
  deactivate(study: number): void;
  start(study: number, slot: number): void;
  reserve(slot: number): void;
  end(slot: number): void;
  /** The worker leaves, whatever it runs. */
  leave(): void;
  /** Slot time of all studies, as their ledgers have it, and as it was. */
  allocatedUs(): { booked: number; real: number };
}

export function sharedCluster(studies: number): SharedCluster {
  const drivers = Array.from({ length: studies }, () =>
    studyDriver(specWith({ budget: { trials: 1000 } }), false),
  );
  const active = new Set<number>();
  const joinedUs: number[] = [];
  const slots = Array.from({ length: SLOTS }, (): Slot => ({ idleUs: 0 }));
  let nowUs = 0;
  let real = 0;
  let gone = false;

  function give(slot: Slot): void {
    const owner = [...active][0];
    delete slot.owner;
    if (owner !== undefined) slot.owner = owner;
    slot.idleUs = nowUs;
  }

  /** A worker-left as the study's coordinator would put it. */
  function part(study: number): void {
    const mine = slots.map(({ owner }) => owner === study);
    drivers[study]!.send({
      kind: 'worker-left',
      worker: 'w',
      how: 'left',
      atUs: nowUs,
      idle: [],
      elsewhere: mine.flatMap((own, index) => (own ? [] : [index])),
      fromUs: slots.map(({ idleUs, run }, index) => (mine[index] && !run ? idleUs : null)),
    });
  }

  function end(index: number): void {
    const slot = slots[index]!;
    const { run, owner } = slot;
    if (run === undefined || gone) return;
    const { state, send } = drivers[owner!]!;
    const next = state.workers.get('w')!.slots[index]!.reserve;
    const attempt = state.trials[run.trial]!.attempts.length;
    const use = { worker: 'w', slot: index, spawnedUs: run.spawnedUs, exitedUs: nowUs };
    send({ kind: 'end-attempt', trial: run.trial, attempt, end: 'completed', use });
    slot.idleUs = nowUs;
    delete slot.run;
    // What waited behind it begins by itself.
    if (next !== undefined) slot.run = { trial: next, spawnedUs: nowUs };
  }

  return {
    pass(us) {
      nowUs += us;
      if (!gone) real += us * slots.filter(({ owner }) => owner !== undefined).length;
    },
    activate(study) {
      if (gone || active.has(study)) return;
      active.add(study);
      joinedUs[study] = nowUs;
      drivers[study]!.send({ kind: 'start-run', slots: SLOTS, keepGoing: true });
      drivers[study]!.send({ kind: 'worker-joined', ...WORKER, nowUs });
      for (const slot of slots) if (slot.owner === undefined) give(slot);
    },
    deactivate(study) {
      if (gone || !active.has(study)) return;
      slots.forEach(({ owner }, index) => {
        while (owner === study && slots[index]!.run) end(index);
      });
      part(study);
      active.delete(study);
      for (const slot of slots) if (slot.owner === study) give(slot);
    },
    start(study, index) {
      const slot = slots[index]!;
      if (gone || !active.has(study) || slot.run) return;
      const { state, send } = drivers[study]!;
      const fromUs = Math.max(slot.idleUs, joinedUs[study]!);
      if (slot.owner !== undefined && slot.owner !== study && slot.idleUs < fromUs) {
        const left = { kind: 'slot-left', worker: 'w', slot: index, atUs: fromUs } as const;
        drivers[slot.owner]!.send({ ...left, fromUs: slot.idleUs });
      }
      const suggestion = suggestionOf(0.5);
      send({ kind: 'start-attempt', worker: 'w', slot: index, suggestion, fromUs });
      slot.owner = study;
      slot.run = { trial: state.workers.get('w')!.slots[index]!.trial!, spawnedUs: nowUs };
    },
    reserve(index) {
      const { owner, run } = slots[index]!;
      if (gone || !run) return;
      const suggestion = suggestionOf(0.5);
      const start = { kind: 'start-attempt', worker: 'w', slot: index, reserve: true } as const;
      drivers[owner!]!.send({ ...start, suggestion });
    },
    end,
    leave() {
      if (gone) return;
      for (const study of active) part(study);
      gone = true;
    },
    allocatedUs() {
      const live = gone ? () => [] : (study: number) => [liveOf(slots, study, nowUs)];
      const booked = drivers.map((driver, study) => allocated(driver, live(study)));
      return { booked: booked.reduce((sum, it) => sum + it, 0), real };
    },
  };
}

/** What the coordinator knows of the worker beside a study's log. */
function liveOf(slots: Slot[], study: number, nowUs: number): LiveWorker {
  return {
    worker: 'w',
    nowUs,
    slots: slots.map(({ owner, idleUs, run }) => {
      if (owner !== study) return { elsewhere: true };
      return run ? { sinceUs: run.spawnedUs } : { fromUs: idleUs };
    }),
  };
}

/** Its parts sum to it. */
function allocated({ state, now }: StudyDriver, live: LiveWorker[]): number {
  const used = studyStatus(state, now, live).utilization;
  if (used === undefined) return 0;
  const lossesUs = Object.values(used.lossesUs).reduce((sum, it) => sum + it, 0);
  if (used.busyUs + lossesUs !== used.allocatedUs) throw new Error('the parts differ from the sum');
  return used.allocatedUs;
}
