// What the log of a study must be whatever happened on the way: read event by event, without the code that wrote it.

import { replay, type StudyEvent, type StudySpec } from '@fleetune/core';
import type { World } from '../world.ts';
import type { Executions } from '../workloads/simulated-programs.ts';

interface Attempt {
  number: number;
  slot: string;
  rows: number;
  live: boolean;
}

interface Trial {
  created: number;
  attempt?: Attempt;
  ended: boolean;
  cancelled: boolean;
  queued: boolean;
}

interface Reading {
  trials: Map<number, Trial>;
  /** The last end of an attempt, by its event. */
  lastEnd: number;
  /** What each slot runs, and what waits behind that. */
  slots: Map<string, { trial?: number; reserve?: number }>;
  broken: string[];
  /** Of the study. */
  name: string;
}

export function checkLog(world: World, { name, budget }: StudySpec): string[] {
  const { store, executions, acknowledged, ends } = world;
  const { id } = store.study(name)!;
  const end = ends.get(name);
  const events = [...store.events(id, 0)];
  const reading: Reading = { trials: new Map(), slots: new Map(), lastEnd: 0, broken: [], name };
  events.forEach((event, index) => {
    if (event.id !== index + 1) reading.broken.push(`event ${event.id} at place ${index + 1}`);
    if (event.at < (events[index - 1]?.at ?? 0)) reading.broken.push(`time went back: ${event.id}`);
    read(reading, event, executions);
    checkBudget(reading, budget.trials);
  });
  const { broken, trials } = reading;
  const state = replay(events);
  broken.push(...acknowledged.missing(name, state));
  if (state.run !== undefined) broken.push(`the run of ${name} has no end`);
  for (const [number, { created, attempt, ended }] of trials) {
    if (attempt?.live) broken.push(`trial ${number} is still running`);
    const complete = end === 'budget-trials' || end === 'exhausted';
    // What is enqueued while the run's workers leave is there for the next run.
    const late = attempt === undefined && created > reading.lastEnd;
    if (complete && !ended && !late) broken.push(`trial ${number} has no end`);
  }
  const { allocatedUs, ...parts } = state.ledger.totals;
  const sum = Object.values(parts).reduce((a, b) => a + b, 0);
  if (sum !== allocatedUs) broken.push(`the ledger's parts are ${sum} of ${allocatedUs} us`);
  if (Object.values(parts).some((part) => part < 0)) broken.push('the ledger has a negative part');
  return broken;
}

function read(reading: Reading, event: StudyEvent, executions: Executions): void {
  const { trials, slots, broken } = reading;
  if (!('trial' in event)) {
    if (event.kind === 'reports') {
      for (const item of event.items) readRows(reading, item, executions);
    }
    return;
  }
  const wrong = (what: string) => broken.push(`event ${event.id}, trial ${event.trial}: ${what}`);
  if (event.kind === 'trial-created') {
    if (trials.has(event.trial)) wrong('was created twice');
    trials.set(event.trial, { created: event.id, ended: false, cancelled: false, queued: true });
    return;
  }
  const trial = trials.get(event.trial)!;
  // Its worker was a bad one: an end that came of that is undone.
  if (event.kind === 'trial-given-back' && trial.ended) {
    trial.ended = false;
    trial.queued = true;
  }
  if (trial.ended) wrong(`${event.kind} after its end`);
  switch (event.kind) {
    case 'attempt-started': {
      const slot = `${event.worker}/${event.slot}`;
      if (trial.attempt?.live) wrong('has two live attempts');
      if (!trial.queued) wrong('was not in the queue');
      const place = slots.get(slot) ?? {};
      if (event.reserve) {
        if (place.trial === undefined) wrong(`waits behind nothing on ${slot}`);
        if (place.reserve !== undefined) wrong(`is the second that waits on ${slot}`);
        place.reserve = event.trial;
      } else {
        if (place.trial !== undefined) wrong(`was started on the busy slot ${slot}`);
        place.trial = event.trial;
      }
      slots.set(slot, place);
      if (event.attempt !== (trial.attempt?.number ?? 0) + 1) wrong('attempt out of turn');
      trial.attempt = { number: event.attempt, slot, rows: 0, live: true };
      trial.queued = false;
      return;
    }
    case 'attempt-ended': {
      const { attempt } = trial;
      if (!attempt?.live || attempt.number !== event.attempt) wrong('the end of a dead attempt');
      const execution = executions.get(`${reading.name}/${event.trial}.${event.attempt}`);
      const told = event.told ?? event.end;
      if (event.use !== undefined && execution?.end !== undefined) {
        if (told !== execution.end) wrong(`ended as ${execution.end}, the log says ${told}`);
        const { length } = execution.rows;
        if (attempt?.rows !== length) wrong(`${attempt?.rows} of its ${length} rows arrived`);
      }
      reading.lastEnd = event.id;
      if (attempt) attempt.live = false;
      if (attempt) leave(slots.get(attempt.slot)!, event.trial);
      return;
    }
    case 'trial-requeued':
      trial.queued = true;
      return;
    case 'trial-ended':
      if (trial.attempt?.live) wrong('ended with a live attempt');
      trial.ended = true;
      trial.cancelled = event.state === 'cancelled';
  }
}

/** What waits behind a trial begins when that ends. */
function leave(place: { trial?: number; reserve?: number }, trial: number): void {
  const next = place.trial === trial ? place.reserve : undefined;
  if (place.trial === trial) delete place.trial;
  delete place.reserve;
  if (next !== undefined) place.trial = next;
}

function readRows(
  { trials, broken, name }: Reading,
  item: Extract<StudyEvent, { kind: 'reports' }>['items'][number],
  executions: Executions,
): void {
  const attempt = trials.get(item.trial)?.attempt;
  const what = `rows of ${item.trial}.${item.attempt}`;
  if (!attempt?.live || attempt.number !== item.attempt) broken.push(`${what}: not live`);
  else if (attempt.rows !== item.from) broken.push(`${what}: ${item.from} after ${attempt.rows}`);
  const emitted = executions.get(`${name}/${item.trial}.${item.attempt}`)?.rows ?? [];
  item.columns.step.forEach((step, i) => {
    const row = emitted[item.from + i];
    const loss = item.columns.metrics['loss']?.[i];
    if (row?.step !== step || row.loss !== loss)
      broken.push(`${what}: row ${item.from + i} differs`);
  });
  if (attempt) attempt.rows += item.columns.step.length;
}

function checkBudget({ trials, broken }: Reading, budget = Infinity): void {
  let used = 0;
  for (const { cancelled } of trials.values()) if (!cancelled) used += 1;
  if (used > budget) broken.push(`${used} trials of a budget of ${budget}`);
}
