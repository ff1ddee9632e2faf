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
  /** Who have a slot, the best first; as it is until the next change. */
  ranked(): readonly Observed[];
}

export function createSlots(size: number): Slots {
  // All of them, the worst first: when one is forgotten the next best has its slot.
  const slots = Array.from({ length: size }, (): Observed[] => []);
  const ranked: Observed[] = [];
  const slotOf = (trial: number) => trial % size;
  const hand = (before: Observed | undefined, after: Observed | undefined): void => {
    if (before === after) return;
    if (before !== undefined) ranked.splice(placeIn(ranked, before), 1);
    if (after !== undefined) ranked.splice(placeIn(ranked, after), 0, after);
  };
  return {
    size,
    add(trial) {
      const slot = slots[slotOf(trial.trial)]!;
      const before = slot.at(-1);
      slot.splice(placeAmongWorse(slot, trial), 0, trial);
      hand(before, slot.at(-1));
    },
    remove(trial) {
      const slot = slots[slotOf(trial.trial)]!;
      const before = slot.at(-1);
      slot.splice(placeAmongWorse(slot, trial), 1);
      hand(before, slot.at(-1));
    },
    slotOf,
    holder: (slot) => slots[slot]!.at(-1),
    ranked: () => ranked,
  };
}

/** The place of the trial, or the one where it belongs, the best first. */
function placeIn(ranked: readonly Observed[], trial: Observed): number {
  return placeOf(ranked, (one) => compareTrials(one, trial) < 0);
}

/** The same with the worst first. */
function placeAmongWorse(slot: readonly Observed[], trial: Observed): number {
  return placeOf(slot, (one) => compareTrials(one, trial) > 0);
}

/** Of equals the later one is better, so that a plateau is crossed. */
function compareTrials(a: Observed, b: Observed): number {
  return compareOutcomes(a.outcome, b.outcome) || b.trial - a.trial;
}
