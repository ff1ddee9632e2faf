import { bestOf, leader, lossAt } from '../study/standing.ts';
import {
  counts,
  lossOf,
  schedulerOf,
  specOf,
  type StudyState,
  type TrialRecord,
} from '../study/state.ts';
import { toWire } from '../study/wire-number.ts';
import type { WireNumber } from '../study/event.ts';
import type { Incumbent } from './status.ts';

/** The best feasible trial at the highest comparable fidelity so far (DESIGN §15.6): O(log n). */
export function incumbentOf(state: StudyState): Incumbent | undefined {
  if (state.spec === undefined || state.spec.objectives !== undefined) return undefined;
  const lead = leader(state.standing, (trial) => counts(state.trials[trial]!));
  if (lead === undefined) return undefined;
  const trial = state.trials[lead.trial]!;
  // At the rung where it leads its value may be another than the last one.
  const atEnd = trial.value !== undefined && lossOf(specOf(state), trial.value) === lead.loss;
  const step = atEnd ? trial.step : schedulerOf(state).rungs[lead.level];
  return standingOf(state, trial, valueOf(state, lead.loss), step);
}

/** The Pareto front of several objectives, the first objective's best first: O(front log front). */
export function frontOf(state: StudyState): Incumbent[] {
  const spec = specOf(state);
  const loss = (trial: number): number => lossOf(spec, state.trials[trial]!.value!);
  return [...(state.front ?? [])]
    .sort((a, b) => loss(a) - loss(b) || a - b)
    .map((number) => {
      const trial = state.trials[number]!;
      return standingOf(state, trial, toWire(trial.value!), trial.step);
    });
}

/** The trial of the file's defaults, once it has a value. */
export function baselineOf(state: StudyState): Incumbent | undefined {
  const first = state.trials[0];
  if (first?.sampler !== 'default' || first.value === undefined || !counts(first)) return undefined;
  return standingOf(state, first, toWire(first.value), first.step);
}

/** The best value that reached a rung. */
export function bestAtRung(state: StudyState, rung: number): WireNumber | undefined {
  const trial = bestOf(state.standing, rung, (number) => counts(state.trials[number]!));
  if (trial === undefined) return undefined;
  return valueOf(state, lossAt(state.standing, rung, trial));
}

function standingOf(
  state: StudyState,
  trial: TrialRecord,
  value: WireNumber,
  step: number | undefined,
): Incumbent {
  const metrics = Object.entries(trial.metrics).map(([name, it]) => [name, toWire(it)] as const);
  return {
    trial: trial.number,
    params: trial.params,
    value,
    ...(step !== undefined && specOf(state).fidelity !== undefined && { step }),
    ...(trial.outside && { outside: trial.outside }),
    metrics: Object.fromEntries(metrics),
  };
}

/** The loss in the user's own direction. */
function valueOf(state: StudyState, loss: number): WireNumber {
  return toWire(lossOf(specOf(state), loss));
}
