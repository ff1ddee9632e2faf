// Where the kernels of a mixture are: each in a slot, which it keeps while others come and go, so that nothing moves but
// the order. A slot that is free is the next one's.

import { closeGap, larger, openGap } from './column.ts';

export interface Slots {
  /** How many trials there are. */
  count: number;
  /** By slot. */
  trials: Float64Array<ArrayBuffer>;
  /** The slots in the order of their trials. */
  order: Uint32Array<ArrayBuffer>;
  readonly free: number[];
}

export function createSlots(): Slots {
  return { count: 0, trials: new Float64Array(0), order: new Uint32Array(0), free: [] };
}

/** The slot of a trial that has none yet; as large as the number of trials at most. */
export function takeSlot(slots: Slots, trial: number): number {
  const n = slots.count;
  if (n === slots.order.length) {
    slots.trials = larger(slots.trials);
    slots.order = larger(slots.order);
  }
  const rank = rankOf(slots, trial);
  const slot = slots.free.pop() ?? n;
  openGap(slots.order, rank, n);
  slots.order[rank] = slot;
  slots.trials[slot] = trial;
  slots.count++;
  return slot;
}

/** What was the slot of the trial. */
export function freeSlot(slots: Slots, trial: number): number {
  const rank = rankOf(slots, trial);
  const slot = slots.order[rank]!;
  closeGap(slots.order, rank, slots.count);
  slots.count--;
  slots.free.push(slot);
  return slot;
}

/** Undefined: it has none. */
export function slotOf(slots: Slots, trial: number): number | undefined {
  const rank = rankOf(slots, trial);
  const slot = slots.order[rank]!;
  return rank < slots.count && slots.trials[slot] === trial ? slot : undefined;
}

/** The rank of the trial, or the one where it belongs. */
export function rankOf({ order, trials, count }: Slots, trial: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (trials[order[middle]!]! < trial) low = middle + 1;
    else high = middle;
  }
  return low;
}
