// Attempts that wait on their worker behind another trial, so that a slot never waits for its next
// one. They have not begun, and whoever handed them out may ask for them back.

import type { Reason } from '../scheduler/scheduler.ts';
import { mustWait } from './next-work.ts';
import type { StudyState } from './state.ts';

export interface Reserve {
  trial: number;
  attempt: number;
  worker: string;
  slot: number;
  /** The trial that the slot runs. */
  behind: number;
}

/** By worker and slot; those that have begun, by what they report, are none any more. */
export function reserves(state: StudyState): Reserve[] {
  return [...state.workers.values()].flatMap(({ id: worker, slots }) =>
    slots.flatMap(({ trial: behind, reserve: trial }, slot): Reserve[] => {
      if (trial === undefined || behind === undefined) return [];
      const { attempts } = state.trials[trial]!;
      if (!attempts.at(-1)!.reserve) return [];
      return [{ trial, attempt: attempts.length, worker, slot, behind }];
    }),
  );
}

/**
 * Why a reserve must be given back now: nothing more may begin on its worker, or its trial is to
 * stop. Beside that, whoever sees a slot without work may ask for any.
 */
export function mustReturn(
  state: StudyState,
  { trial, worker }: Pick<Reserve, 'trial' | 'worker'>,
  now: number,
): Reason | undefined {
  const stopping = state.trials[trial]!.stopping;
  return stopping?.reason ?? mustWait(state, now, worker);
}
