// A Parzen estimator: a mixture over trials of products over parameters (Optuna 5.0.0,
// `_MixtureOfProductDistribution`), kept current trial by trial.
//
//   symbol   meaning
//   n        observations; kernels are 0 … n − 1 in the order of trials and the prior, number n
//   w_k      weight of kernel k, not normalised; the prior's is 1
//   W        Σ_k w_k
//   p(x) = 1/W Σ_k w_k Π_d p_kd(x_d)
// The factors of ln p_k(x) that depend on x are never above 0, so a kernel that has fallen far
// below the sum so far, which begins with the prior, can only fall further and is left out: most
// are, after the first parameters. Kernels that each have less than error · w_k/W of the sum have less
// than `error` of it together. The newest trials come first: they are the nearest to
// where the search is, and weigh most.

import type { RandomStream } from '../../numerics/random-stream.ts';
import { cumulative, weightedIndex } from '../../numerics/weighted-index.ts';
import type { Parameter } from '../../space/study-spec.ts';
import { insertChoice, removeChoice } from './choice-kernels.ts';
import { closeGap, larger, openGap } from './column.ts';
import { drawFrom, factorsOf, logPriorOf } from './factors.ts';
import { kernelWeight, totalWeight } from './kernel-weight.ts';
import type { Role, Survivors } from './kernels.ts';
import { createPacking, type Packed } from './packed.ts';
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
  /** Writes a draw to the mixture's dimensions of `coordinates`; returns the kernel that made it. */
  sample(stream: RandomStream, coordinates: Float64Array): number;
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
   * What logDensity sums besides the prior, to be summed elsewhere, and ln W, which is to be taken off. Undefined where that
   * would be too dear.
   */
  packed(): { kernels: Packed; logTotal: number } | undefined;
}

type WeightOf = (trial: number, byAge: number) => number;

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
  const { continuous, choices, stepped } = factors;
  const { newest } = role;
  const numeric = [...continuous, ...stepped];
  const order = createOrder(continuous);
  const quantiles = new Float64Array(block.length + 1);
  const survivors: Survivors = {
    count: 0,
    which: new Int32Array(chunk),
    terms: new Float64Array(chunk),
  };
  let n = 0;
  let trials = new Float64Array(16);
  let constants = new Float64Array(16);
  /** Kernels whose constant is to be summed up again. */
  let changed = new Uint8Array(16);
  let current = false;
  /** The kernels that are looked at, ascending, and how many an old one of them stands for. */
  let scan = new Int32Array(16);
  let scanned = 0;
  let thinning = 1;
  let sums: Float64Array | undefined;
  /** w_k and W. */
  let weights = new Float64Array(16);
  let total = 1;
  const pack = createPacking(factors);
  let packed: Packed | undefined;
  let weightOf: WeightOf = (_trial, byAge) => byAge;
  let others: ReadonlySet<number> | undefined;

  const weightNow = (k: number): number => weightOf(trials[k]!, kernelWeight(n, k));

  /** Of an old one that stands for others too. */
  const weightOfScanned = (k: number): number => (k < n - newest ? thinning : 1) * weights[k]!;

  const refreshWeights = (): void => {
    if (weights.length <= n) weights = new Float64Array(trials.length + 1);
    weights[n] = 1;
    total = 1;
    if (others === undefined) {
      for (let k = 0; k < n; k++) total += weights[k] = weightNow(k);
      return;
    }
    total += totalWeight(n);
    for (const trial of others) {
      const k = rankOf(trials, n, trial);
      if (k < n && trials[k] === trial) total += weightNow(k) - kernelWeight(n, k);
    }
    for (let i = 0; i < scanned; i++) weights[scan[i]!] = weightNow(scan[i]!);
  };

  const refresh = (): void => {
    if (current) return;
    current = true;
    sums = undefined;
    packed = undefined;
    for (const c of numeric) refreshNumeric(c, changed);
    for (let k = 0; k < n; k++) {
      if (changed[k] === 0) continue;
      let sum = 0;
      for (const c of numeric) sum += c.constant[k]!;
      constants[k] = sum;
    }
    changed.fill(0);
    if (scan.length < n) scan = new Int32Array(trials.length);
    thinning = 2 ** Math.max(0, Math.ceil(Math.log2(n / newest - 1)));
    scanned = 0;
    for (let k = 0; k < n; k++) {
      if (k >= n - newest || stays(trials[k]!, thinning)) scan[scanned++] = k;
    }
    refreshWeights();
  };

  /** By the first of the quantiles that it draws. */
  const drawKernel = (stream: RandomStream): number => {
    refresh();
    sums ??= cumulative(weights.subarray(0, n + 1));
    stream.fill(quantiles);
    return weightedIndex(sums, quantiles[0]!);
  };

  return {
    get count() {
      return n;
    },
    insert(trial, coordinates) {
      if (n === trials.length) {
        trials = larger(trials);
        constants = larger(constants);
        changed = larger(changed);
      }
      const rank = rankOf(trials, n, trial);
      for (const column of [trials, constants, changed]) openGap(column, rank, n);
      trials[rank] = trial;
      changed[rank] = 1;
      n++;
      for (const c of numeric) insertNumeric(c, { rank, trial }, coordinates[c.index]!, changed);
      for (const c of choices) insertChoice(c, rank, coordinates[c.index]!);
      current = false;
    },
    remove(trial) {
      const rank = rankOf(trials, n, trial);
      for (const column of [trials, constants, changed]) closeGap(column, rank, n);
      n--;
      for (const c of numeric) removeNumeric(c, rank, changed);
      for (const c of choices) removeChoice(c, rank);
      current = false;
    },
    sample: (stream, coordinates) => {
      const k = drawKernel(stream);
      drawFrom(factors, k, quantiles, coordinates);
      return k;
    },
    trialOf: (kernel) => (kernel < n ? trials[kernel] : undefined),
    sampleLike(trial, stream, coordinates) {
      const drawn = drawKernel(stream);
      const k = trial === undefined ? n : rankOf(trials, n, trial);
      const known = trial === undefined || (k < n && trials[k] === trial);
      drawFrom(factors, known ? k : drawn, quantiles, coordinates);
    },
    asked() {
      refresh();
      const kernels = scan.subarray(0, scanned);
      const trialsAsked = Float64Array.from(kernels, (k) => trials[k]!);
      const logWeights = Float64Array.from(kernels, (k) => Math.log(weightOfScanned(k)));
      return { trials: trialsAsked, logWeights, logTotal: Math.log(total) };
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
        const k = rankOf(trials, n, trial);
        if (k === n || trials[k] !== trial) {
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
      if (pack === undefined) return undefined;
      packed ??= pack({ scan, count: scanned, constants, weight: weightOfScanned });
      return { kernels: packed, logTotal: Math.log(total) };
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
    logDensity(coordinates, logPrior, { error = fine, enough = Infinity, first = n } = {}) {
      refresh();
      const logTotal = Math.log(total);
      const asked = n < many || role.least > 0 ? continuous : bySelectivity(order, coordinates);
      let sum = logPrior;
      if (first < n) {
        survivors.which[0] = first;
        survivors.terms[0] = constants[first]!;
        survivors.count = 1;
        narrow(factors, asked, coordinates, survivors, -Infinity);
        sum = logSum(survivors, { weights, old: 0, thinning: 1 }, sum);
      }
      for (let end = scanned; end > 0 && sum - logTotal < enough; end -= chunk) {
        const floor = sum + Math.log(error) - logTotal;
        begin(survivors, constants, scan.subarray(Math.max(0, end - chunk), end), first);
        narrow(factors, asked, coordinates, survivors, floor);
        sum = logSum(survivors, { weights, old: n - newest, thinning }, sum);
      }
      return sum - logTotal;
    },
  };
}

/**
 * Is an old trial one of the kept, one in `thinning`? By its number, so that the answer stays while
 * others come and go, and hashed: the trials of a block may all be odd, or far apart. Multiples of
 * the golden ratio spread any run of numbers evenly (Knuth, TAOCP 3, section 6.4).
 */
function stays(trial: number, thinning: number): boolean {
  return Math.imul(trial, 0x9e3779b1) >>> 0 < 2 ** 32 / thinning;
}

/** The rank of the trial, or the one where it belongs. */
function rankOf(trials: Float64Array, n: number, trial: number): number {
  let low = 0;
  let high = n;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (trials[middle]! < trial) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** ln of the survivors' weighted sum and what is known by its logarithm already. */
function logSum(
  { which, terms, count }: Survivors,
  { weights, old, thinning }: { weights: Float64Array; old: number; thinning: number },
  known: number,
): number {
  let max = known;
  for (let i = 0; i < count; i++) if (terms[i]! > max) max = terms[i]!;
  if (count === 0 || max === -Infinity) return max;
  let sum = Math.exp(known - max);
  for (let i = 0; i < count; i++) {
    const k = which[i]!;
    const weight = k < old ? thinning * weights[k]! : weights[k]!;
    sum += weight * Math.exp(terms[i]! - max);
  }
  return max + Math.log(sum);
}
