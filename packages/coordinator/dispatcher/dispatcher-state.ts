import type { StudySpec, UsualLength } from '@fleetune/core';
import type { Clock } from '@fleetune/platform';
import type { Program } from '@fleetune/protocol';
import type { StudyHost } from '../study-host.ts';
import type { Occupant, Slot, WorkerRecord } from './worker-table.ts';

export interface DispatcherOptions {
  clock: Clock;
  /** An attempt goes on without its worker's word for this long. */
  leaseTtlMs: number;
  /** The study has nothing running and nothing will come. */
  onFinished(host: StudyHost): void;
}

/** A study whose trials are handed out. */
export interface ActiveStudy {
  readonly host: StudyHost;
  /** Where its trials' files go. */
  readonly files: string;
  /** At most so many of its trials at a time, unless its spec says otherwise since. */
  readonly limit: number;
  /** Workers are other studies' too. */
  readonly shared: boolean;
  /** Starts no more trials. */
  closed: boolean;
  /** It has no command: its trials go to those who ask for them, never to a worker. */
  readonly asked: boolean;
  /** The sampler has nothing to give: until it is ready, or until something happens. */
  dry: 'pending' | 'exhausted' | undefined;
  /** Attempts that wait, unbegun, behind another on its slot. */
  readonly reserves: Set<Occupant>;
  /** What workers need of it, as of its present spec. */
  program: { of: StudySpec; program: Program } | undefined;
  /** How long its trials take, as of so many that have ended. */
  usual: { ended: number; length: UsualLength | undefined };
  unsubscribe: () => void;
}

export interface DispatcherState {
  readonly options: DispatcherOptions;
  readonly workers: Map<string, WorkerRecord>;
  /** Of all of them together: kept, so that a worker that comes costs the same beside many. */
  slotsGiven: number;
  /** In the order in which they became active. */
  readonly studies: ActiveStudy[];
  /** Workers whose parked poll has a free slot: who waits longest comes first. */
  readonly idle: Set<WorkerRecord>;
  /** Idle slots that something is to be given back for. */
  readonly asking: Map<Slot, { worker: WorkerRecord; index: number }>;
  /** Workers that have to hear something: a parked poll of theirs is to be answered. */
  readonly news: Set<WorkerRecord>;
  /** Why the idle slots idle, as far as it is the same for all. */
  mood: string;
  /** Incarnations that are over: a message of theirs that comes late must not undo what came after them. */
  readonly gone: Set<string>;
  /** Nobody gets trials any more, and why. */
  draining: string | undefined;
  /** Everyone has to leave, also who comes later, and why. */
  quit: string | undefined;
  /** Wait until no worker is registered. */
  onEmpty: (() => void)[];
  /** Takes and says nothing more. */
  closed: boolean;
}

export function newState(options: DispatcherOptions): DispatcherState {
  return {
    options,
    workers: new Map(),
    slotsGiven: 0,
    studies: [],
    idle: new Set(),
    asking: new Map(),
    news: new Set(),
    mood: '',
    gone: new Set(),
    draining: undefined,
    quit: undefined,
    onEmpty: [],
    closed: false,
  };
}

export function stopAsking({ asking }: DispatcherState, slot: Slot): void {
  slot.asked = undefined;
  asking.delete(slot);
}

/** Resolves when everything that the studies were told so far is durable. */
export function commitAll(state: DispatcherState): Promise<unknown> {
  const [only] = state.studies;
  if (only !== undefined && state.studies.length === 1) return only.host.commit();
  return Promise.all(state.studies.map(({ host }) => host.commit()));
}

export function activeStudy(state: DispatcherState, name: string): ActiveStudy | undefined {
  return state.studies.find(({ host }) => host.name === name);
}
