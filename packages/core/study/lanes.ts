// The queues that trials wait in. A trial holds a ticket, the id of the event that queued it: its
// older places are void, so that they need not be looked for when it leaves or queues again.

import { assert } from '../errors/index.ts';
import { dequeue, enqueue, peek, waiting, type Place, type Queue } from './queue.ts';
import type { StudyState, TrialRecord } from './state.ts';

/**
 * requeued: started before, ahead of all new ones. solo: needs a worker for itself. enqueued: not
 * started yet.
 */
export type Lane = 'requeued' | 'solo' | 'enqueued';

export function queueTrial(
  state: StudyState,
  trial: TrialRecord,
  lane: Lane,
  ticket: number,
): void {
  trial.ticket = ticket;
  enqueue(state[lane], { trial: trial.number, ticket });
}

/** Drops the void places in front; that changes no answer. */
export function firstIn(state: StudyState, lane: Lane): number | undefined {
  const queue = state[lane];
  for (let item = peek(queue); item !== undefined; item = peek(queue)) {
    if (holds(state, item)) return item.trial;
    dequeue(queue);
  }
  return undefined;
}

/** Trials leave from the front of a lane. */
export function leaveQueue(state: StudyState, number: number): void {
  for (const lane of ['requeued', 'solo', 'enqueued'] as const) {
    if (firstIn(state, lane) !== number) continue;
    dequeue(state[lane]);
    return;
  }
  assert(false, `trial ${number} was started out of turn`);
}

/** Without the void places: equal states must not differ by those. */
export function waitingIn(state: StudyState, queue: Queue): Place[] {
  return waiting(queue).filter((item) => holds(state, item));
}

function holds(state: StudyState, { trial: number, ticket }: Place): boolean {
  const trial = state.trials[number]!;
  return trial.state === 'queued' && trial.ticket === ticket;
}
