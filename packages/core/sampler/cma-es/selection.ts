import { compareOutcomes } from '../outcome-order.ts';
import type { Observed } from '../history.ts';

/** A trial of the generation that is being gathered. */
export interface Member {
  trial: number;
  /** Of the model when its params were chosen. */
  generation: number;
  /** Its numbers as they were drawn; by number. */
  v: Float64Array;
  /** Its choices, −1 where inactive. */
  choices: Int32Array;
  /** `v` is what the model drew. */
  own: boolean;
  outcome: Observed['outcome'];
}

export interface Ranked {
  readonly members: readonly Member[];
  readonly weights: Float64Array;
  readonly positive: Float64Array;
}

/** Best first; members that are equally good share the `weights` of their ranks. */
export function ranked(gathered: readonly Member[], weights: Float64Array): Ranked {
  const members = [...gathered].sort(
    (a, b) => compareOutcomes(a.outcome, b.outcome) || a.trial - b.trial,
  );
  const shared = { weights: weights.slice(), positive: weights.map((w) => Math.max(0, w)) };
  for (let from = 0; from < members.length;) {
    let to = from + 1;
    const same = (i: number) => compareOutcomes(members[from]!.outcome, members[i]!.outcome) === 0;
    while (to < members.length && same(to)) to++;
    if (to - from > 1) for (const row of [shared.weights, shared.positive]) level(row, from, to);
    from = to;
  }
  return { members, ...shared };
}

function level(row: Float64Array, from: number, to: number): void {
  let sum = 0;
  for (let i = from; i < to; i++) sum += row[i]!;
  row.fill(sum / (to - from), from, to);
}
