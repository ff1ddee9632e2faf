/** A machine-readable reason and a sentence for people: every decision carries one. */
export interface Reason {
  code: string;
  text: string;
}

export type Decision =
  { decision: 'continue'; reason: Reason } | { decision: 'stop'; reason: Reason };

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
   * Would the trial go on after reaching rung `rung` with `loss`? Does not change the state.
   * `also`: losses at that rung that are about to be recorded.
   */
  decide(rung: number, loss: number, also?: readonly number[]): Decision;
  /**
   * The trial's loss at the rung joins the comparison (NaN as the worst); returns the number
   * recorded there, itself included.
   */
  record(rung: number, loss: number): number;
}
