import { incumbentOf, type StudyEvent, type StudyState } from '@fleetune/core';
import type { MakeChecker } from './watch.ts';

/** The best is at least as good as every whole trial, and the front is those that no other one beats. */
export const incumbent: MakeChecker = (_world, broken) => ({
  onEvent(event, { name, state }) {
    if (!MOVING.has(event.kind)) return;
    const whole = state.trials
      .filter(({ number }) => isWhole(state, number))
      .map(({ number, value }) => ({ trial: number, losses: lossesOf(state, number, value!) }));
    const wrong =
      state.spec!.objectives === undefined ? wrongLead(state, whole) : wrongFront(state, whole);
    if (wrong) broken(`${name}, event ${event.id}: ${wrong}`);
  },
});

interface Whole {
  trial: number;
  losses: number[];
}

const MOVING = new Set<StudyEvent['kind']>([
  'trial-ended',
  'trial-corrected',
  'trial-discarded',
  'trial-retried',
  'trial-given-back',
]);

/** One whose value stands in for another is no result. */
function isWhole({ trials }: StudyState, trial: number): boolean {
  const { state, corrected, attempts, value } = trials[trial]!;
  if (state !== 'completed' || value === undefined) return false;
  return corrected !== undefined || attempts.at(-1)!.end !== 'invalid-metric';
}

/** Minimised. */
function lossesOf({ spec, trials }: StudyState, trial: number, value: number): number[] {
  const { objective, objectives = [objective] } = spec!;
  return objectives.map(({ metric, direction }, index) => {
    const measured = index === 0 ? value : trials[trial]!.metrics[metric]!;
    return direction === 'maximize' ? -measured : measured;
  });
}

function wrongLead(state: StudyState, whole: readonly Whole[]): string | undefined {
  const best = Math.min(...whole.map(({ losses: [loss] }) => loss!));
  if (best === Infinity) return undefined;
  const lead = incumbentOf(state);
  if (lead === undefined) return 'nobody leads';
  const [loss] = lossesOf(state, lead.trial, Number(lead.value));
  return loss! > best ? `trial ${lead.trial} leads with ${loss}, the best is ${best}` : undefined;
}

function wrongFront({ front = [] }: StudyState, whole: readonly Whole[]): string | undefined {
  const unbeaten = whole.filter((one) => !whole.some((other) => beats(other, one)));
  const expected = unbeaten.map(({ trial }) => trial);
  const seen = front.toSorted((a, b) => a - b);
  return seen.join() === expected.join() ? undefined : `the front is ${seen}, not ${expected}`;
}

function beats({ losses: a }: Whole, { losses: b }: Whole): boolean {
  return a.every((loss, i) => loss <= b[i]!) && a.some((loss, i) => loss < b[i]!);
}
