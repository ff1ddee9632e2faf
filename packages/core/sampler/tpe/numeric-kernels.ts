// Kernels of a numeric parameter: normal distributions truncated to the range, on its scale
// (Optuna 5.0.0, `_calculate_numerical_distributions` and `_truncnorm`).
//
//   symbol    meaning                                                       shape
//   n         observations; kernels are 0 … n − 1 and the prior, number n
//   mu        centres: the observations, then the prior's                   n + 1
//   sigma     widths: the larger gap to a neighbour, clipped                n + 1
//   from, to  ends of the scale (ln for log, half a step wider for steps)
//   p_k(x) = phi((x − mu_k)/sigma_k) / (sigma_k (Φ(b_k) − Φ(a_k)))          continuous
//   p_k(x) = (Φ((right − mu_k)/sigma_k) − Φ((left − mu_k)/sigma_k)) / (Φ(b_k) − Φ(a_k))   the cell of x
//   a_k = (from − mu_k)/sigma_k,  b_k = (to − mu_k)/sigma_k

import { logSqrt2Pi } from '../../numerics/normal.ts';
import { logGaussMass, truncatedNormalQuantile } from '../../numerics/truncated-normal.ts';
import type { Axis } from '../../space/axis.ts';
import type { Scale } from '../scale.ts';
import type { Kernels } from './kernels.ts';

export function numericKernels(observed: Float64Array, scale: Scale, axis: Axis): Kernels {
  const { from, to, log, step } = scale;
  const n = observed.length;
  const mu = new Float64Array(n + 1);
  for (let k = 0; k < n; k++) mu[k] = log ? Math.log(observed[k]!) : observed[k]!;
  mu[n] = scale.mean;
  const order = ascending(mu.subarray(0, n));
  const sigma = bandwidths(mu.subarray(0, n), order, scale);
  const inverse = new Float64Array(n + 1);
  for (let k = 0; k <= n; k++) inverse[k] = 1 / sigma[k]!;
  const discrete = step > 0;

  const addDensity: Kernels['addLogDensity'] = (x, terms, which, count) => {
    const at = log ? Math.log(x) : x;
    for (let i = 0; i < count; i++) {
      const k = which[i]!;
      const z = (at - mu[k]!) * inverse[k]!;
      terms[k]! -= 0.5 * z * z;
    }
  };

  // With few cells, most kernels and most candidates are equal to others.
  const { group, groups } = discrete ? equalKernels(mu, sigma, order) : noGroups;
  const known = new Map<number, Float64Array>();

  const addMass: Kernels['addLogDensity'] = (x, terms, which, count) => {
    const left = log ? Math.log(x - step / 2) : x - step / 2;
    const right = log ? Math.log(x + step / 2) : x + step / 2;
    const masses = known.get(x) ?? new Float64Array(groups).fill(NaN);
    known.set(x, masses);
    for (let i = 0; i < count; i++) {
      const k = which[i]!;
      let mass = masses[group[k]!]!;
      if (Number.isNaN(mass)) {
        mass = logGaussMass((left - mu[k]!) * inverse[k]!, (right - mu[k]!) * inverse[k]!);
        masses[group[k]!] = mass;
      }
      terms[k]! += mass;
    }
  };

  return {
    addConstants(terms) {
      for (let k = 0; k <= n; k++) {
        terms[k]! -= logGaussMass((from - mu[k]!) * inverse[k]!, (to - mu[k]!) * inverse[k]!);
        if (!discrete) terms[k]! -= Math.log(sigma[k]!) + logSqrt2Pi;
      }
    },
    addLogDensity: discrete ? addMass : addDensity,
    sample(k, quantile) {
      const low = (from - mu[k]!) * inverse[k]!;
      const high = (to - mu[k]!) * inverse[k]!;
      const at = mu[k]! + sigma[k]! * truncatedNormalQuantile(quantile, low, high);
      return lawfulValue(log ? Math.exp(at) : at, step, axis);
    },
  };
}

const noGroups = { group: new Uint32Array(0), groups: 0 };

/**
 * Numbers kernels so that equal ones, which are neighbours in ascending order, have the same
 * number.
 */
function equalKernels(
  mu: Float64Array,
  sigma: Float64Array,
  order: Uint32Array,
): { group: Uint32Array; groups: number } {
  const group = new Uint32Array(mu.length);
  let groups = 0;
  for (let i = 0; i < order.length; i++) {
    const k = order[i]!;
    const before = order[i - 1];
    if (before === undefined || mu[k] !== mu[before] || sigma[k] !== sigma[before]) groups++;
    group[k] = groups - 1;
  }
  group[mu.length - 1] = groups;
  return { group, groups: groups + 1 };
}

/** Indices that sort the values, equal ones in their own order. */
function ascending(values: Float64Array): Uint32Array {
  const sorted = values.slice().sort();
  const order = new Uint32Array(values.length);
  // How many of the values equal to sorted[i] have found their place already.
  const placed = new Uint32Array(values.length);
  for (let k = 0; k < values.length; k++) {
    const first = firstAtLeast(sorted, values[k]!);
    order[first + placed[first]!++] = k;
  }
  return order;
}

function firstAtLeast(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The larger gap to a neighbour, the ends of the scale being neighbours of a single observation
 * only (`consider_endpoints=False`); at least 1/min(100, n + 2) of the range
 * (`consider_magic_clip`); the prior's own last.
 */
function bandwidths(mu: Float64Array, order: Uint32Array, { from, to, sd }: Scale): Float64Array {
  const n = mu.length;
  const sigma = new Float64Array(n + 1);
  const narrowest = (to - from) / Math.min(100, n + 2);
  const widest = to - from;
  let before = n > 1 ? 0 : mu[0]! - from;
  for (let i = 0; i < n; i++) {
    const k = order[i]!;
    const after = i < n - 1 ? mu[order[i + 1]!]! - mu[k]! : n > 1 ? 0 : to - mu[k]!;
    sigma[k] = Math.min(widest, Math.max(narrowest, before, after));
    before = after;
  }
  sigma[n] = sd;
  return sigma;
}

function lawfulValue(value: number, step: number, axis: Axis): number {
  if (step === 0) return axis.fromUnit(axis.toUnit(value));
  const cell = Math.round((value - axis.atCell(0)) / step);
  return axis.atCell(Math.min(axis.cells - 1, Math.max(0, cell)));
}
