import {
  FleetuneError,
  assert,
  decide,
  evolve,
  nextWork,
  samplerChange,
  samplerHistory,
  type AdvisorStatus,
  type CommandOutcome,
  type ErrorInfo,
  type NextWork,
  type ReportItem,
  type StudyCommand,
  type StudyEvent,
  type StudyEventBody,
  type StudyState,
} from '@fleetune/core';
import { mark, type Clock } from '@fleetune/platform';
import { createAdvisor, type Advisor } from './advisor/advisor.ts';
import type { Thinkers } from './advisor/thinker-port.ts';
import { noRows, pendingRows } from './pending-rows.ts';
import { loadStudy, type Append, type Store } from './store/index.ts';

/**
 * One live study: its state, its advisor and the way into the store. Commands change the state at once and the log
 * when `commit` resolves, so nobody may be answered before that. After a failed commit the state is ahead of the log:
 * the host refuses everything from then on, and a restart begins again from the log.
 */
export interface StudyHost {
  readonly id: number;
  readonly name: string;
  /** Owned by the host; only for reading. */
  readonly state: StudyState;
  /** The log's last event when it was read from the store; 0 for a new study. */
  readonly readUpTo: number;
  /** The log's last run was killed: nobody works on the study, and its time stands still. */
  readonly killed: boolean;
  /** The refusal, or nothing when the command was taken. */
  apply(command: Exclude<StudyCommand, { kind: 'report' }>): ErrorInfo | undefined;
  /** The verdict on each item: its refusal, or nothing when it was taken. */
  report(items: ReportItem[]): (ErrorInfo | undefined)[];
  /** What a free slot should do now: the worker's, or that of any willing one. `reserve`: behind a trial of the study. */
  nextWork(worker?: string, reserve?: boolean): NextWork;
  suggest: Advisor['suggest'];
  /** Where suggestions come from, or last came from; undefined before the first one. */
  advisor(): AdvisorStatus | undefined;
  /** Called when a suggestion that was `pending` can be had; the answer ends it. */
  onSuggestion(listener: () => void): () => void;
  /** Resolves when everything applied so far is durable. */
  commit(): Promise<void>;
  /** Rejects when a commit fails. */
  readonly failed: Promise<never>;
  /** Called with each durable batch of events; the answer ends it. */
  subscribe(listener: (events: StudyEvent[]) => void): () => void;
}

export function openStudyHost(
  store: Store,
  clock: Clock,
  id: number,
  name: string,
  thinkers?: Thinkers,
): StudyHost {
  const rows = store.forgets ? noRows() : pendingRows();
  let state = loadStudy(store, id, (folded, event) => rows.note(folded, event, 'stored'));
  /** Only studies that are asked for suggestions have one. */
  let advisor: Advisor | undefined;
  let lastAdvice: AdvisorStatus | undefined;
  const readUpTo = state.lastEvent;
  let lastAt = state.lastAt;
  let killed = state.run !== undefined;
  let pending: StudyEvent[] = [];
  let tail: Promise<void> = Promise.resolve();
  /** The latest append has not taken what is pending yet. */
  let gathering = false;
  let broken: ErrorInfo | undefined;
  const failure = Promise.withResolvers<never>();
  failure.promise.catch(() => retire());
  const listeners = new Set<(events: StudyEvent[]) => void>();
  const waiting = new Set<() => void>();

  function take(event: StudyEvent): void {
    state = evolve(state, event);
    pending.push(event);
    rows.note(state, event);
    const change = advisor && samplerChange(state, event);
    if (change !== undefined) advisor?.observe(change);
    if (event.kind === 'run-ended') retire();
    if (event.kind === 'spec-changed' && event.changed.some((key) => ADVISED.includes(key))) {
      const moved = advisor?.status().mode === 'thread';
      retire();
      if (moved) advisor = newAdvisor('suggestions were dear before the study was edited');
      // What was pending will not come; those who wait ask again, once the command is done.
      void Promise.resolve().then(ready);
    }
  }

  function ready(): void {
    waiting.forEach((listener) => listener());
  }

  function newAdvisor(movedBecause?: string): Advisor {
    const { spec, space } = state;
    assert(spec !== undefined && space !== undefined, 'the study has no spec yet');
    return createAdvisor({
      spec,
      space,
      history: () => samplerHistory(state),
      clock,
      thinkers,
      movedBecause,
      running: () => state.live.size,
      onReady: ready,
    });
  }

  function retire(): void {
    lastAdvice = advisor?.status() ?? lastAdvice;
    advisor?.close();
    advisor = undefined;
  }

  /** One append, however many commands ask for it before the store is ready to write. */
  async function append(): Promise<void> {
    let events: StudyEvent[] = [];
    const taken = (): Append => {
      gathering = false;
      events = pending;
      pending = [];
      return { ...rows.take(state, events), study: id, events };
    };
    try {
      await store.append(taken);
      for (const listener of listeners) listener(events);
    } catch (error) {
      mark('commit-failed');
      if (error instanceof FleetuneError) broken = error.info;
      failure.reject(error);
      throw error;
    }
  }

  function perform(
    command: StudyCommand,
  ): Extract<CommandOutcome, { events: unknown }> | ErrorInfo {
    if (broken !== undefined) return broken;
    // The log's times never go back, whatever the machine's clock does.
    lastAt = Math.max(lastAt, clock.now());
    const outcome = decide(state, command, lastAt);
    if ('refused' in outcome) return outcome.refused;
    for (const body of outcome.events) take(stamped(body, state.lastEvent + 1, lastAt));
    return outcome;
  }

  return {
    id,
    name,
    readUpTo,
    failed: failure.promise,
    get state() {
      return state;
    },
    get killed() {
      return killed;
    },
    apply(command) {
      const outcome = perform(command);
      if (!('events' in outcome)) return outcome;
      if (command.kind === 'start-run' || command.kind === 'resume-run') killed = false;
      return undefined;
    },
    report(items) {
      const outcome = perform({ kind: 'report', items });
      if (!('events' in outcome)) return items.map(() => outcome);
      if (outcome.rejected === undefined) return new Array<undefined>(items.length);
      const errors = new Map(outcome.rejected.map(({ item, error }) => [item, error]));
      return items.map((_, index) => errors.get(index));
    },
    nextWork(worker, reserve) {
      const now = killed ? state.run!.aliveAt : Math.max(lastAt, clock.now());
      return nextWork(state, now, worker, reserve);
    },
    suggest(trial) {
      advisor ??= newAdvisor();
      return advisor.suggest(trial);
    },
    advisor: () => advisor?.status() ?? lastAdvice,
    onSuggestion(listener) {
      waiting.add(listener);
      return () => waiting.delete(listener);
    },
    commit() {
      if (pending.length > 0 && !gathering) {
        gathering = true;
        tail = append();
        // Whoever awaits it hears of a failure; nobody need await it.
        tail.catch(ignore);
      }
      return tail;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** The same object: nobody else has it, and a copy of every event would cost as much as to decide it. */
function stamped(body: StudyEventBody, id: number, at: number): StudyEvent {
  const event = body as StudyEvent;
  event.id = id;
  event.at = at;
  return event;
}

function ignore(): void {}

/** Keys of the study file after whose change suggestions are others. */
const ADVISED = [
  'space',
  'constraints',
  'objective',
  'fidelity',
  'sampler',
  'seed',
  'reproducible',
];
