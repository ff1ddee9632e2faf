// Where ended trials stand, apart from their records: enough to fill the tables that follow from
// the trials (see derive.ts) without them.

import { endPlace, placeAtRung } from './derive.ts';
import type { WireNumber } from './event.ts';
import { place } from './standing.ts';
import { schedulerOf, type StudyState, type TrialRecord } from './state.ts';
import { fromWire, toWire } from './wire-number.ts';

export interface Places {
  /** By trial and rung; NaN where it jumped over one. */
  passed: WireNumber[][];
  /** Of those whose end says more: which, the level and the loss. */
  ends: [trial: number, level: number, loss: WireNumber][];
}

export function placesOf(state: StudyState, trials: readonly TrialRecord[]): Places {
  const ends: Places['ends'] = [];
  trials.forEach((trial, i) => {
    const end = endPlace(state, trial);
    if (end !== undefined) ends.push([i, end.level, toWire(end.loss)]);
  });
  return { passed: trials.map(({ passed }) => passed.map(toWire)), ends };
}

/** Trials from `first` on take their places. */
export function putPlaces(state: StudyState, first: number, { passed, ends }: Places): void {
  const scheduler = schedulerOf(state);
  passed.forEach((wires, i) => {
    const losses = wires.map(fromWire);
    losses.forEach((loss, rung) => {
      if (Number.isNaN(loss)) return;
      scheduler.record(rung, { loss, passed: losses });
      placeAtRung(state, { number: first + i }, rung, loss);
    });
  });
  for (const [i, level, loss] of ends) place(state.standing, level, first + i, fromWire(loss));
}
