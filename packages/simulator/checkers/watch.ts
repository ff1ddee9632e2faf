// Everything that happens comes by here: the checkers look at it, and the trace of it is hashed.

import { createHash } from 'node:crypto';
import { emptyStudy, evolve, type StudyEvent, type StudyState } from '@fleetune/core';
import type { StudyHost } from '@fleetune/coordinator';
import type { Assignment, ExchangeRequest, ExchangeResponse } from '@fleetune/protocol';
import type { World } from '../world.ts';
import { checkers } from './checkers.ts';

/** A promise that was not kept. */
export interface Breach {
  promise: string;
  /** Virtual time. */
  atMs: number;
  what: string;
}

/** A study as its log on disk tells it, whoever coordinates. */
export interface WatchedStudy {
  readonly name: string;
  readonly id: number;
  /** The fold of the log so far. */
  state: StudyState;
  last: StudyEvent;
}

/** What a program is given. */
export type Begun = Pick<Assignment, 'study' | 'trial' | 'attempt' | 'slot' | 'params'> & {
  fidelityTarget?: number | undefined;
};

/** Looks after one promise. */
export interface Checker {
  /** An event is on disk, and folded into the study's state. */
  onEvent?(event: StudyEvent, study: WatchedStudy): void;
  /** A worker has got its answer. */
  onAnswer?(request: ExchangeRequest, response: ExchangeResponse): void;
  onTold?(attempt: { study: string; trial: number; attempt: number }): void;
  /** A program begins. */
  onBegun?(begun: Begun, worker: string): void;
  /** Time has passed, and all that was due has happened. */
  onStep?(): void;
  /** A run has ended, and all that its host knows is on disk. */
  onRunEnd?(host: StudyHost, study: WatchedStudy): void;
  /** The story is over. */
  onFinish?(): void;
}

export type MakeChecker = (world: World, broken: (what: string) => void) => Checker;

export interface Watch {
  readonly breaches: Breach[];
  readonly studies: Map<number, WatchedStudy>;
  durable(study: number, events: readonly StudyEvent[]): void;
  /** It has left its sender, or arrived as an answer. */
  message(worker: string, message: unknown): void;
  answered(request: ExchangeRequest, response: ExchangeResponse): void;
  /** A program with its own loop has heard that its result was taken. */
  told(study: string, trial: number, attempt: number): void;
  begun(begun: Begun, worker: string): void;
  stepped(): void;
  runEnded(host: StudyHost): void;
  finished(): void;
  broken(promise: string, what: string): void;
  /** Of everything that was written or said, and when. */
  trace(): string;
}

export function createWatch(world: World): Watch {
  const breaches: Breach[] = [];
  const studies = new Map<number, WatchedStudy>();
  const hash = createHash('sha256');
  let stepMs = -1;
  const broken = (promise: string, what: string): void => {
    breaches.push({ promise, atMs: world.clock.monotonic(), what });
  };
  const all = Object.entries(checkers).map(([promise, make]) =>
    make(world, (what) => broken(promise, what)),
  );

  function note(whose: string, what: unknown): void {
    hash.update(`${world.clock.monotonic()} ${whose} ${JSON.stringify(what)}\n`);
  }

  function take(study: number, event: StudyEvent): void {
    note(String(study), event);
    const known = studies.get(study);
    const watched = known ?? newStudy(study, event);
    studies.set(study, watched);
    watched.state = evolve(watched.state, structuredClone(event));
    for (const checker of all) checker.onEvent?.(event, watched);
    watched.last = event;
  }

  return {
    breaches,
    studies,
    broken,
    durable(study, events) {
      for (const event of events) take(study, event);
    },
    message: note,
    answered(request, response) {
      for (const checker of all) checker.onAnswer?.(request, response);
    },
    told(name, trial, attempt) {
      for (const checker of all) checker.onTold?.({ study: name, trial, attempt });
    },
    begun(begun, worker) {
      for (const checker of all) checker.onBegun?.(begun, worker);
    },
    stepped() {
      const nowMs = world.clock.monotonic();
      if (nowMs === stepMs) return;
      stepMs = nowMs;
      for (const checker of all) checker.onStep?.();
    },
    runEnded(host) {
      const study = studies.get(host.id);
      if (study === undefined) return;
      for (const checker of all) checker.onRunEnd?.(host, study);
    },
    finished() {
      for (const checker of all) checker.onFinish?.();
    },
    trace: () => hash.copy().digest('hex').slice(0, 16),
  };
}

function newStudy(id: number, event: StudyEvent): WatchedStudy {
  const name = event.kind === 'study-created' ? event.spec.name : `study ${id}`;
  return { name, id, state: emptyStudy(), last: event };
}
