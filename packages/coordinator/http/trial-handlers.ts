import { setImmediate } from 'node:timers/promises';
import type { StudyCommand, TrialRecord } from '@fleetune/core';
import type { OperationAnswer } from '@fleetune/protocol';
import { fail, whyWaiting } from '@fleetune/core';
import type { ControlCommand, Coordinator } from '../coordinator.ts';
import { trialRow } from '../projection.ts';
import type { StudyHost } from '../study-host.ts';
import type { Handler, Handlers } from './handlers.ts';
import { byPerson } from './study-handlers.ts';

type Trials = Handlers<
  | 'listTrials'
  | 'showTrial'
  | 'trialEvents'
  | 'enqueueTrial'
  | 'stopTrial'
  | 'cancelTrial'
  | 'pauseTrial'
  | 'resumeTrial'
  | 'drainTrial'
  | 'checkpointTrial'
  | 'retryTrial'
  | 'discardTrial'
  | 'correctTrial'
>;

const PAGE = 1000;

export function trialHandlers(coordinator: Coordinator): Trials {
  /** An operation that is one command, with the person's reason. */
  const control =
    (command: DistributiveOmit<ControlCommand, 'trial' | 'reason'>): Handler<'stopTrial'> =>
    async ({ name, trial, reason }) => {
      const told = { ...command, trial, reason: byPerson(reason) } as ControlCommand;
      await coordinator.control(coordinator.host(name), told);
      return {};
    };
  return {
    listTrials: ({ name, state, after, limit }) =>
      coordinator.trials(name, {
        ...(state !== undefined && { state }),
        ...(after !== undefined && { after }),
        limit: Math.min(limit ?? PAGE, PAGE),
      }),
    showTrial({ name, trial }) {
      return trialDetail(coordinator.host(name), trial, coordinator.clock.now());
    },
    trialEvents({ name, trial }) {
      const host = coordinator.host(name);
      const { createdEvent } = foundTrial(host, trial);
      const { lastEvent } = host.state;
      return inPieces(createdEvent - 1, lastEvent, (after, until) =>
        coordinator.trialEvents(host, trial, after, until),
      );
    },
    enqueueTrial: async ({ name, params }) => ({
      trial: await coordinator.enqueue(coordinator.host(name), params),
    }),
    stopTrial: control({ kind: 'stop-trial', as: 'stopped' }),
    cancelTrial: control({ kind: 'stop-trial', as: 'cancelled' }),
    pauseTrial: control({ kind: 'pause-trial' }),
    resumeTrial: control({ kind: 'resume-trial' }),
    drainTrial: control({ kind: 'drain-trial' }),
    checkpointTrial: control({ kind: 'checkpoint-trial' }),
    retryTrial: control({ kind: 'retry-trial' }),
    discardTrial: control({ kind: 'discard-trial' }),
    async correctTrial({ name, trial, value, by = 'a person', reason }) {
      await coordinator.control(coordinator.host(name), {
        kind: 'correct-trial',
        trial,
        value,
        by,
        reason: byPerson(reason),
      });
      return {};
    },
  };
}

type DistributiveOmit<T, K extends PropertyKey> = T extends StudyCommand ? Omit<T, K> : never;

function foundTrial({ state }: StudyHost, number: number): TrialRecord {
  const trial = state.trials[number];
  if (trial === undefined) throw fail('trial.not-found', 'trial', { trial: number });
  return trial;
}

/** So many events are looked through in a millisecond or two. */
const PIECE = 2000;

/** Others get their turn in between: the log of a large study is long. */
async function inPieces<T>(
  from: number,
  last: number,
  read: (after: number, until: number) => T[],
): Promise<T[]> {
  const found: T[] = [];
  for (let after = from; after < last; after += PIECE) {
    found.push(...read(after, Math.min(after + PIECE, last)));
    await setImmediate();
  }
  return found;
}

function trialDetail(host: StudyHost, number: number, now: number): OperationAnswer<'showTrial'> {
  const trial = foundTrial(host, number);
  const { state } = host;
  const waiting = whyWaiting(state, number, now);
  return {
    ...trialRow(state, number),
    origin: trial.origin,
    why: trial.reason,
    ...(waiting !== undefined && { waiting }),
    history: trial.attempts.map(attemptView),
  };
}

function attemptView(
  record: TrialRecord['attempts'][number],
  index: number,
): OperationAnswer<'showTrial'>['history'][number] {
  const { worker, slot, startedAt, endedAt, end, reason, rows } = record;
  return {
    attempt: index + 1,
    worker,
    slot,
    startedAt,
    ...(endedAt !== undefined && { endedAt }),
    ...(end !== undefined && { end }),
    ...(reason !== undefined && { reason }),
    reports: rows,
  };
}
