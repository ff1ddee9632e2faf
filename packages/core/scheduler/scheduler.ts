/** A machine-readable reason and a sentence for people: every decision carries one. */
export interface Reason {
  code: string;
  text: string;
}

export type Decision =
  { decision: 'continue'; reason: Reason } | { decision: 'stop'; reason: Reason };

/** A trial's loss at a rung, and at those before it: `passed[k]` at rung k, NaN where it jumped over one. */
export interface Arrival {
  loss: number;
  passed: readonly number[];
}

/**
 * Decides how far each trial goes. Pure: its state is built only by `record`, so replaying the
 * recorded rungs rebuilds it.
 */
export interface Scheduler {
  readonly name: string;
  /**
   * Fidelities where trials are compared, ascending; the last one is the full evaluation. Empty:
   * never compared.
   */
  readonly rungs: readonly number[];
  /**
   * The highest rung (an index) that `step` reaches, for a trial whose next rung is `next`;
   * undefined when it reaches none. A trial is compared at its first report at or past a rung;
   * rungs that it jumps over are left out.
   */
  due(next: number, step: number): number | undefined;
  /**
   * Would the trial go on after reaching rung `rung` so? Does not change the state. `also`, by rung:
   * arrivals that are about to be recorded.
   */
  decide(rung: number, arrival: Arrival, also?: ReadonlyMap<number, readonly Arrival[]>): Decision;
  /**
   * The trial's loss at the rung joins the comparison (NaN as the worst); returns the number
   * recorded there, itself included. The rungs of one trial come in ascending order.
   */
  record(rung: number, arrival: Arrival): number;
}

/** The index of the last of `rungs` at or below `step`, when it is `next` or a later one. */
export function dueRung(rungs: readonly number[], next: number, step: number): number | undefined {
  let low = next;
  let high = rungs.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (rungs[middle]! <= step) low = middle + 1;
    else high = middle;
  }
  return low > next ? low - 1 : undefined;
}
