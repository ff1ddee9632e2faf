// Densities of whole trials across conditions: a trial is one kernel over all of its parameters, so that what went well
// together stays together (as hierarchical_tpe and tpe_union_multivariate of OptunaHub's registry).
//
//   symbol   meaning
//   b        blocks that are active at x; block 0 has every trial
//   q_kb     density of block b under the kernel of trial k; under the block's own mixture where b is not active in trial k
//   p(x) = 1/W (Π_b prior_b(x_b) + Σ_k w_k Π_b q_kb(x_b)), with w and W of block 0

import { logSumExp } from '../../numerics/log-sum.ts';
import type { RandomStream } from '../../numerics/random-stream.ts';
import type { Mixture } from './mixture.ts';

/** Of the first block, and of the other active ones. */
export function jointLogDensity(
  root: Mixture,
  others: readonly Mixture[],
  coordinates: Float64Array,
): number {
  const { trials, logWeights: terms, logTotal } = root.asked();
  let prior = root.logPrior(coordinates);
  root.addTerms(trials, coordinates, terms, -Infinity);
  for (const block of others) {
    const logPrior = block.logPrior(coordinates);
    prior += logPrior;
    block.addTerms(trials, coordinates, terms, block.logDensity(coordinates, logPrior));
  }
  return logSumExp([prior, ...terms]) - logTotal;
}

/** A draw: the first block chooses the trial, and `next` gives the active blocks after that, from what is drawn so far. */
export function sampleJoint(
  root: Mixture,
  next: () => Iterable<Mixture>,
  stream: RandomStream,
  coordinates: Float64Array,
): void {
  const trial = root.trialOf(root.sample(stream, [coordinates])[0]!);
  for (const block of next()) block.sampleLike(trial, stream, coordinates);
}
