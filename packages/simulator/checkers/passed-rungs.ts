import type { StudyEvent } from '@fleetune/core';
import type { Checker, WatchedStudy } from './watch.ts';

export type RungReached = Extract<StudyEvent, { kind: 'rung-reached' }>;

/** Losses by rung; a hole where the trial jumped over one. */
export type Passed = readonly number[];

export interface Comparison {
  event: RungReached;
  /** Of the trial that is compared, this rung included. */
  own: Passed;
  /** Of all others that the log has seen at a rung by then. */
  others: Passed[];
  /** The rung of the full evaluation. */
  last: number;
}

/** Follows who has reached which rung with what loss, and has each decision at one looked at. */
export function atRungs(look: (comparison: Comparison, study: WatchedStudy) => void): Checker {
  const studies = new Map<number, Map<number, number[]>>();
  return {
    onEvent(event, study) {
      const passed = studies.get(study.id) ?? new Map<number, number[]>();
      studies.set(study.id, passed);
      if (CHANGING.has(event.kind)) readAnew(passed, study);
      if (event.kind !== 'rung-reached') return;
      const own = passed.get(event.trial) ?? [];
      own[event.rung] = Number(event.loss);
      passed.delete(event.trial);
      const others = [...passed.values()];
      passed.set(event.trial, own);
      look({ event, own, others, last: study.state.scheduler!.rungs.length - 1 }, study);
    },
  };
}

/** A person moves rungs, puts another loss in place or takes a trial away: what is left is the state's to say. */
const CHANGING = new Set<StudyEvent['kind']>([
  'spec-changed',
  'trial-corrected',
  'trial-discarded',
]);

function readAnew(passed: Map<number, number[]>, { state }: WatchedStudy): void {
  passed.clear();
  for (const trial of state.trials) {
    const losses: number[] = [];
    trial.passed.forEach((loss, rung) => {
      if (!Number.isNaN(loss)) losses[rung] = loss;
    });
    if (losses.length > 0) passed.set(trial.number, losses);
  }
}
