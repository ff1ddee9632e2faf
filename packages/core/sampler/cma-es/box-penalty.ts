// Samples outside the range are tried at its end, and ranked as if they were worse the farther out
// they are: so the mean stays near the range, and the step does not shrink at its ends.
// Hansen, Niederberger, Guzzella & Koumoutsakos: IEEE Trans. Evol. Comp. 13 (2009) 180–197, app. B.
//
//   symbol     meaning
//   δ          median of the last interquartile ranges of the losses: the scale of a penalty
//   γ_j, ξ_j   weight of dimension j; its share of the distances, by its variance

import type { NumberDimension } from '../encoding.ts';
import { deviation, type NormalModel } from './normal-model.ts';
import type { Member } from './selection.ts';

export interface BoxPenalty {
  /** The newest first. */
  readonly ranges: number[];
}

/** The members with their penalties in their losses. Changes what is known of the losses' scale. */
export function penalised(
  { ranges }: BoxPenalty,
  numbers: readonly NumberDimension[],
  model: NormalModel,
  members: readonly Member[],
  muEff: number,
): readonly Member[] {
  const kept = 20 + Math.ceil((3 * model.n) / members.length);
  const range = interquartileRange(members);
  if (range > 0 && range < Infinity) ranges.unshift(range);
  if (ranges.length > kept) ranges.pop();
  const inside = members.every(({ v }) => v.every((x, j) => isInside(x, numbers[j]!)));
  if (inside || ranges.length === 0) return members;
  const factors = factorsOf(numbers, model, median(ranges), muEff);
  return members.map((member) => {
    const { outcome, v } = member;
    if (outcome.state !== 'completed' || !Number.isFinite(outcome.loss)) return member;
    let penalty = 0;
    for (let j = 0; j < factors.length; j++) {
      if (isInside(v[j]!, numbers[j]!)) continue;
      const outside = v[j]! < 0 ? v[j]! : v[j]! - 1;
      penalty += factors[j]! * outside * outside;
    }
    return penalty === 0
      ? member
      : { ...member, outcome: { ...outcome, loss: outcome.loss + penalty } };
  });
}

function isInside(v: number, { cells }: NumberDimension): boolean {
  return cells < Infinity || (v >= 0 && v <= 1);
}

/** γ_j / ξ_j. */
function factorsOf(
  numbers: readonly NumberDimension[],
  model: NormalModel,
  delta: number,
  muEff: number,
): Float64Array {
  const { n, mean } = model;
  const sds = Float64Array.from(numbers, (_, j) => deviation(model, j));
  const squares = sds.reduce((sum, sd) => sum + sd * sd, 0);
  const logs = sds.reduce((sum, sd) => sum + 2 * Math.log(sd), 0) / n;
  const far = 3 * Math.max(1, Math.sqrt(n) / muEff);
  const grown = 1.1 ** Math.max(1, muEff / (10 * n));
  return sds.map((sd, j) => {
    const outside = Math.max(-mean[j]!, mean[j]! - 1);
    const gamma = ((2 * delta) / squares) * (outside > far * sd ? grown : 1);
    return gamma / Math.exp(0.9 * (2 * Math.log(sd) - logs));
  });
}

function interquartileRange(members: readonly Member[]): number {
  const losses = members
    .flatMap(({ outcome }) => (outcome.state === 'completed' ? [outcome.loss] : []))
    .sort((a, b) => a - b);
  if (losses.length < 2) return 0;
  const at = (share: number) => losses[Math.floor(share * losses.length)]!;
  return at(0.75) - at(0.25);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}
