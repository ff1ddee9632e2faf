// A Parzen estimator: a mixture over trials of products over parameters (Optuna 5.0.0,
// `_MixtureOfProductDistribution`), kept current trial by trial.
//
//   symbol   meaning
//   n        observations, each the kernel of its slot (slots.ts), and the prior
//   w_k      weight of kernel k, not normalised; the prior's is 1
//   W        Σ_k w_k
//   p(x) = 1/W Σ_k w_k Π_d p_kd(x_d)
// The factors of ln p_k(x) that depend on x are never above 0, so a kernel that has fallen far
// below the sum so far, which begins with the prior, can only fall further and is left out: most
// are, after the first parameters. Kernels that each have less than error · w_k/W of the sum have less
// than `error` of it together. The newest trials come first: they are the nearest to
// where the search is, and weigh most.
// Loops over parameters count: until they are optimised, `for … of` costs more than what it loops over.

import { assert } from '../../errors/index.ts';
import type { RandomStream } from '../../numerics/random-stream.ts';
import { cumulative, weightedIndex } from '../../numerics/weighted-index.ts';
import type { Parameter } from '../../space/study-spec.ts';
import { insertChoice, removeChoice } from './choice-kernels.ts';
import { larger } from './column.ts';
import { createDraws, drawFrom, type Draws } from './draws.ts';
import { factorsOf, logPriorOf } from './factors.ts';
import { kernelWeight, totalWeight, type WeightOf } from './kernel-weight.ts';
import { priorKernel, type Role, type Survivors } from './kernels.ts';
import { createMarks, forMarked, mark, unmark } from './marks.ts';
import { createPacking, type Packed } from './packed.ts';
import { addToSample, createScan, kernelsOf, removeFromSample, scanAgain } from './scan.ts';
import { createSlots, freeSlot, rankOf, slotOf, takeSlot } from './slots.ts';
import { createNormalTable } from './normal-table.ts';
import { begin, bySelectivity, createOrder, narrow } from './narrow.ts';
import { insertNumeric, refreshNumeric, removeNumeric } from './numeric-kernels.ts';

export interface Mixture {
  /** n. */
  readonly count: number;
  /** Adds a trial that it does not have. */
  insert(trial: number, coordinates: Float64Array): void;
  /** Removes one that it has. */
  remove(trial: number): void;
  /**
   * Gives every trial its weight, positive, from what it weighs by its age; `others`: only these weigh anything else than
   * that, and there are no draws.
   */
  weigh(weightOf: WeightOf, others?: ReadonlySet<number>): void;
  /** Writes a draw to the mixture's dimensions of each of the coordinates; returns the kernels that made them, until the next call. */
  sample(stream: RandomStream, coordinates: readonly Float64Array[]): Int32Array;
  /** The trial of a kernel; undefined: it is the prior. */
  trialOf(kernel: number): number | undefined;
  /** The same from the kernel of that trial, or from the prior; from the mixture where it does not have the trial. */
  sampleLike(trial: number | undefined, stream: RandomStream, coordinates: Float64Array): void;
  /** ln(w_n / W). */
  logPriorWeight(): number;
  /** ln of the prior's density alone. */
  logPrior(coordinates: Float64Array): number;
  /**
   * ln p(x), given logPrior(x): between ln p(x) − error and ln p(x), unless that is at least
   * `enough`, when any number from `enough` to ln p(x) will do.
   */
  logDensity(coordinates: Float64Array, logPrior: number, options?: Precision): number;
  /** Trials that are asked by logDensity, ln of what they weigh (an old one stands for several), and ln W. */
  asked(): { trials: Float64Array; logWeights: Float64Array; logTotal: number };
  /** Adds ln of the kernel of each of these trials at x, or of one that it does not have, `otherwise`. */
  addTerms(
    trials: Float64Array,
    coordinates: Float64Array,
    terms: Float64Array,
    otherwise: number,
  ): void;
  /**
   * What logDensity sums besides the prior, to be summed elsewhere; ln W is to be taken off. Undefined where that would be too
   * dear.
   */
  packed(): Packed | undefined;
}

export interface Precision {
  error?: number;
  enough?: number;
  /** A kernel that is likely to be large: the sooner others can be left out. */
  first?: number;
}

/** A tenth of what recorded densities of Optuna are compared to. */
const fine = 1e-10;
/** Kernels that are looked at in one go: few, since after the newest ones it is often enough. */
const chunk = 32;
/** The same for wide kernels, of which none can be left out: what is known of a parameter is read in order then. */
const wideChunk = 256;
/**
 * From so many kernels on, unless they are all wide, it pays to begin with the parameters that tell
 * most of them apart.
 */
const many = 64;

/** Of the parameters with the indices in `block`, without trials. */
export function createMixture(
  parameters: readonly Parameter[],
  block: readonly number[],
  role: Role,
): Mixture {
  const factors = factorsOf(parameters, block, role);
  const { continuous, choices, numeric } = factors;
  const order = createOrder(continuous);
  let draws = createDraws(1, block.length + 1);
  const table = role.drawn && numeric.length > 0 ? createNormalTable(numeric) : undefined;
  const survivors: Survivors = {
    count: 0,
    which: new Int32Array(wideChunk),
    terms: new Float64Array(wideChunk),
  };
  const slots = createSlots();
  let constants = new Float64Array(0);
  /** Kernels whose constant is to be summed up again. */
  const changed = createMarks();
  let current = false;
  const scan = createScan(role.newest);
  /** Of the prior and of all in the order of trials; where draws are made. */
  let sums: Float64Array | undefined;
  let total = 1;
  const pack = createPacking(factors);
  let packed: Packed | undefined;
  /** Undefined: they weigh what they do by their age. */
  let weightOf: WeightOf | undefined;
  let others: ReadonlySet<number> | undefined;

  const weightAt = (rank: number): number => {
    const byAge = kernelWeight(slots.count, rank);
    return weightOf === undefined ? byAge : weightOf(slots.trials[slots.order[rank]!]!, byAge);
  };

  const refreshWeights = (): void => {
    const n = slots.count;
    total = 1;
    sums = undefined;
    if (others === undefined) {
      const weights = new Float64Array(n + 1).fill(1);
      for (let rank = 0; rank < n; rank++) total += weights[rank] = weightAt(rank);
      sums = cumulative(weights);
    } else {
      total += totalWeight(n);
      for (const trial of others) {
        if (slotOf(slots, trial) === undefined) continue;
        const rank = rankOf(slots, trial);
        total += weightAt(rank) - kernelWeight(n, rank);
      }
    }
  };

  const refresh = (): void => {
    if (current) return;
    current = true;
    packed = undefined;
    for (let d = 0; d < numeric.length; d++) refreshNumeric(numeric[d]!, changed);
    forMarked(changed, (k) => {
      let sum = 0;
      for (let d = 0; d < numeric.length; d++) sum += numeric[d]!.constant[k]!;
      constants[k] = sum;
      pack?.touch(k);
      table?.touch(k);
    });
    refreshWeights();
    scanAgain(scan, slots, weightOf, others);
  };

  /** Quantiles for so many draws, and the kernels that are theirs by the first of them. */
  const begun = (stream: RandomStream, count: number): Draws => {
    refresh();
    assert(sums !== undefined, 'there are no draws from this mixture');
    const { width } = draws;
    if (draws.kernels.length < count) draws = createDraws(count, width);
    const { kernels, quantiles } = draws;
    stream.fill(quantiles.subarray(0, count * width));
    for (let i = 0; i < count; i++) {
      const rank = weightedIndex(sums, quantiles[i * width]!);
      kernels[i] = rank < slots.count ? slots.order[rank]! : priorKernel;
    }
    return draws;
  };

  return {
    get count() {
      return slots.count;
    },
    insert(trial, coordinates) {
      const slot = takeSlot(slots, trial);
      addToSample(scan, slots, trial);
      if (slot >= constants.length) constants = larger(constants);
      mark(changed, slot);
      const observation = { slot, trials: slots.trials };
      for (let d = 0; d < numeric.length; d++) {
        insertNumeric(numeric[d]!, observation, coordinates, changed);
      }
      for (const c of choices) insertChoice(c, slot, coordinates[c.index]!);
      current = false;
    },
    remove(trial) {
      const slot = freeSlot(slots, trial);
      removeFromSample(scan, trial);
      const observation = { slot, trials: slots.trials };
      for (let d = 0; d < numeric.length; d++) removeNumeric(numeric[d]!, observation, changed);
      for (const c of choices) removeChoice(c);
      unmark(changed, slot);
      current = false;
    },
    sample: (stream, coordinates) => {
      const { kernels } = begun(stream, coordinates.length);
      drawFrom(factors, table, draws, coordinates);
      return kernels;
    },
    trialOf: (kernel) => (kernel === priorKernel ? undefined : slots.trials[kernel]),
    sampleLike(trial, stream, coordinates) {
      const { kernels } = begun(stream, 1);
      const k = trial === undefined ? priorKernel : slotOf(slots, trial);
      kernels[0] = k ?? kernels[0]!;
      drawFrom(factors, table, draws, [coordinates]);
    },
    asked() {
      refresh();
      const trials = Float64Array.from(kernelsOf(scan), (k) => slots.trials[k]!);
      const logWeights = Float64Array.from(kernelsOf(scan), (k) => Math.log(scan.weights[k]!));
      return { trials, logWeights, logTotal: Math.log(total) };
    },
    addTerms(asked, coordinates, terms, otherwise) {
      refresh();
      const places: number[] = [];
      const flush = (): void => {
        survivors.count = places.length;
        narrow(factors, continuous, coordinates, survivors, -Infinity);
        places.forEach((i, at) => (terms[i]! += survivors.terms[at]!));
        places.length = 0;
      };
      asked.forEach((trial, i) => {
        const k = slotOf(slots, trial);
        if (k === undefined) {
          terms[i]! += otherwise;
          return;
        }
        survivors.which[places.length] = k;
        survivors.terms[places.length] = constants[k]!;
        if (places.push(i) === chunk) flush();
      });
      flush();
    },
    packed() {
      refresh();
      return (packed ??= pack?.rows(scan, constants));
    },
    weigh(by, only) {
      weightOf = by;
      others = only;
      current = false;
    },
    logPriorWeight() {
      refresh();
      return -Math.log(total);
    },
    logPrior: (coordinates) => logPriorOf(factors, coordinates),
    logDensity(coordinates, logPrior, options = {}) {
      refresh();
      const { error = fine, enough = Infinity, first = priorKernel } = options;
      const logTotal = Math.log(total);
      const wide = slots.count < many || role.least > 0;
      const asked = wide ? continuous : bySelectivity(order, coordinates);
      let sum = logPrior;
      if (first !== priorKernel && scan.weights[first]! > 0) {
        survivors.which[0] = first;
        survivors.terms[0] = constants[first]!;
        survivors.count = 1;
        narrow(factors, asked, coordinates, survivors, -Infinity);
        sum = logSum(survivors, scan.weights, sum);
      }
      const step = wide && enough === Infinity ? wideChunk : chunk;
      for (let end = scan.count; end > 0 && sum - logTotal < enough; end -= step) {
        const floor = sum + Math.log(error) - logTotal;
        begin(survivors, constants, scan, [Math.max(0, end - step), end], first);
        narrow(factors, asked, coordinates, survivors, floor);
        sum = logSum(survivors, scan.weights, sum);
      }
      return sum - logTotal;
    },
  };
}

/** ln of the survivors' weighted sum and what is known by its logarithm already. */
function logSum({ which, terms, count }: Survivors, weights: Float64Array, known: number): number {
  let max = known;
  for (let i = 0; i < count; i++) if (terms[i]! > max) max = terms[i]!;
  if (count === 0 || max === -Infinity) return max;
  let sum = Math.exp(known - max);
  for (let i = 0; i < count; i++) {
    sum += weights[which[i]!]! * Math.exp(terms[i]! - max);
  }
  return max + Math.log(sum);
}
