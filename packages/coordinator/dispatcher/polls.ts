// Parked polls, and who is told what has happened. Work per event is that of the workers concerned: only those with
// something to hear, and as many idle ones as there are trials to hand out.

import type { StudyEvent } from '@fleetune/core';
import { mark, trouble } from '@fleetune/platform';
import type { ExchangeRequest, ExchangeResponse } from '@fleetune/protocol';
import { commitAll, type ActiveStudy, type DispatcherState } from './dispatcher-state.ts';
import { fillSlots, holdIdleSlots } from './fill-slots.ts';
import { askAgain, isScarce, recallAfter, recallAll } from './reserves.ts';
import { hasWork, moodOf, workOf } from './work.ts';
import { commandsFor } from './worker-commands.ts';
import { attemptOf, type WorkerRecord } from './worker-table.ts';

/** Holds the answer until there is something to say, or the time is over. */
export function park(
  state: DispatcherState,
  worker: WorkerRecord,
  { seq, free, waitMs }: ExchangeRequest,
): Promise<ExchangeResponse> {
  return new Promise((answer) => {
    worker.poll = { seq, free, answer, cancelTimer: answerAfter(state, worker, waitMs) };
    if (free.some((slot) => isEmpty(worker, slot))) state.idle.add(worker);
    // What happened during the commit must not be slept over.
    serve(state, worker);
    if (worker.poll === undefined) mark('news-during-commit');
    else if (trouble('poll-cut-short')) answerPoll(state, worker);
  });
}

function answerAfter(state: DispatcherState, worker: WorkerRecord, waitMs: number): () => void {
  // Where leases have no end, no poll is a heartbeat.
  if (waitMs === Infinity) return NOTHING;
  const late = (): void => {
    // There may be something to say again.
    serve(state, worker);
    answerPoll(state, worker);
  };
  return state.options.clock.after(waitMs, late, { unref: true });
}

const NOTHING = (): void => undefined;

/** Ends a parked poll without anything to say. */
export function answerPoll(state: DispatcherState, worker: WorkerRecord): void {
  const poll = unpark(state, worker);
  poll?.answer({ seq: poll.seq, trials: [], commands: [], rejected: [] });
}

/** Answers a parked poll as soon as there is something to say, and that is durable. */
export function serve(state: DispatcherState, worker: WorkerRecord): void {
  const { poll } = worker;
  if (poll === undefined) return;
  const trials = fillSlots(state, worker, poll);
  const commands = commandsFor(state, worker, { seq: poll.seq, trials });
  if (trials.length + commands.length === 0) return;
  unpark(state, worker);
  const scarce = isScarce(state) && ({ scarce: true } as const);
  const answer = { seq: poll.seq, trials, commands, rejected: [], ...scarce };
  commitAll(state).then(
    () => poll.answer(answer),
    // The worker keeps what it runs; the study's run ends with the error.
    () => poll.answer({ ...answer, trials: [], commands: [] }),
  );
}

/** Something changed that may give idle slots work, take some away, or end a study. */
export function settle(state: DispatcherState): void {
  if (state.closed) return;
  for (const worker of state.idle) {
    if (!hasWork(state)) break;
    serve(state, worker);
  }
  for (const study of state.studies) reconsider(state, study);
  if (state.asking.size > 0 && !hasWork(state)) askAgain(state);
  tellNews(state);
  if (state.idle.size > 0) holdAgain(state);
  endStudies(state);
}

/** Idle slots may idle for another reason now. */
function holdAgain(state: DispatcherState): void {
  const mood = moodOf(state);
  if (mood === state.mood) return;
  state.mood = mood;
  for (const worker of state.idle) holdIdleSlots(state, worker);
}

/** Those with something to hear hear it. */
export function tellNews(state: DispatcherState): void {
  if (state.news.size === 0) return;
  for (const worker of state.news) serve(state, worker);
  state.news.clear();
}

/** A study whose attempts have all ended, and which will start no more. */
export function endStudies({ studies, quit, draining, options }: DispatcherState): void {
  if ((quit ?? draining) !== undefined) return;
  const idle = studies.filter(({ host }) => host.state.live.size === 0);
  for (const { host, closed, dry } of idle) {
    const { work } = host.nextWork();
    const spent = dry === 'exhausted' && work === 'suggest';
    if (closed || spent || work === 'finished') options.onFinished(host);
  }
}

/** What has become durable in the study. */
export function hear(
  state: DispatcherState,
  study: ActiveStudy,
  events: readonly StudyEvent[],
): void {
  const { trials, spec } = study.host.state;
  let loud = false;
  for (const event of events) {
    loud ||=
      !QUIET.has(event.kind) || (event.kind === 'reports' && spec!.budget.target !== undefined);
    recallAfter(state, study, event);
    // All that is left may wait behind other trials, from where its idle slots have to call it.
    if (event.kind === 'worker-released') hearAgain(state, event.worker);
    if (event.kind !== 'stop-requested' && event.kind !== 'checkpoint-requested') continue;
    const worker = state.workers.get(trials[event.trial]!.attempts.at(-1)!.worker);
    if (worker === undefined) continue;
    state.news.add(worker);
    if (event.kind === 'stop-requested') continue;
    const { trial, attempt, reason } = event;
    const occupant = attemptOf(worker, { study: study.host.name, trial, attempt });
    if (occupant !== undefined) occupant.checkpoint = reason.text;
  }
  if (!loud) return;
  if (study.dry === 'exhausted') study.dry = undefined;
  settle(state);
}

function hearAgain({ workers, news }: DispatcherState, id: string): void {
  const worker = workers.get(id);
  if (worker !== undefined) news.add(worker);
}

/** Nothing that others wait for. */
const QUIET: ReadonlySet<StudyEvent['kind']> = new Set<StudyEvent['kind']>([
  'attempt-started',
  'reports',
  'rung-reached',
  'trial-warned',
  'worker-joined',
]);

const OVER = new Set(['budget-time', 'target', 'start-crash']);

/** What must not begin any more is taken back, and what began nevertheless is told to stop. */
export function reconsider(state: DispatcherState, study: ActiveStudy): void {
  const { host, reserves } = study;
  if (host.state.live.size === 0) return;
  const work = workOf(study, undefined, true);
  if (!('wait' in work)) return;
  const { category, reason } = work.wait;
  const over = OVER.has(reason.code);
  if (reserves.size > 0 && (over || category === 'drained')) recallAll(state, study, reason.text);
  if (!over || host.apply({ kind: 'tick' }) !== undefined) return;
  host.commit().catch(() => undefined);
}

function unpark(state: DispatcherState, worker: WorkerRecord): WorkerRecord['poll'] {
  const { poll } = worker;
  worker.poll = undefined;
  state.idle.delete(worker);
  poll?.cancelTimer();
  return poll;
}

/** Nothing runs there. */
export function isEmpty({ slots }: WorkerRecord, slot: number): boolean {
  return slots[slot] !== undefined && slots[slot].occupant === undefined;
}
