import type { Observed } from '../history.ts';
import { compareOutcomes } from '../outcome-order.ts';
import { placeOf } from '../place-of.ts';

/**
 * Trial k competes for slot k mod `size`, and the best one that did has it: the greedy choice between target and trial
 * vector (Storn & Price 1997, eq. 5), whatever the order in which they end.
 */
export interface Slots {
  readonly size: number;
  add(trial: Observed): void;
  remove(trial: Observed): void;
  slotOf(trial: number): number;
  /** Who has the slot; undefined: nobody yet. */
  holder(slot: number): Observed | undefined;
  /** Who have a slot, the best first. */
  ranked(): readonly Observed[];
}

export function createSlots(size: number): Slots {
  // All of them: when one is forgotten the next best has its slot.
  const slots = Array.from({ length: size }, (): Observed[] => []);
  const slotOf = (trial: number) => trial % size;
  let ranked: Observed[] | undefined;
  return {
    size,
    add(trial) {
      const slot = slots[slotOf(trial.trial)]!;
      const place = placeIn(slot, trial);
      slot.splice(place, 0, trial);
      if (place === 0) ranked = undefined;
    },
    remove(trial) {
      const slot = slots[slotOf(trial.trial)]!;
      const place = placeIn(slot, trial);
      slot.splice(place, 1);
      if (place === 0) ranked = undefined;
    },
    slotOf,
    holder: (slot) => slots[slot]![0],
    ranked: () => (ranked ??= slots.flatMap((slot) => slot.slice(0, 1)).sort(compareTrials)),
  };
}

/** The place of the trial, or the one where it belongs. */
function placeIn(slot: readonly Observed[], trial: Observed): number {
  return placeOf(slot, (one) => compareTrials(one, trial) < 0);
}

/** Of equals the later one is better, so that a plateau is crossed. */
function compareTrials(a: Observed, b: Observed): number {
  return compareOutcomes(a.outcome, b.outcome) || b.trial - a.trial;
}
