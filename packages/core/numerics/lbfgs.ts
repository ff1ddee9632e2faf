// Minimises a smooth function in a box: limited-memory BFGS on the free variables, along the
// projected path.
//
//   symbol   meaning
//   x, g     point and gradient
//   P        projection into the box, low_i ≤ x_i ≤ high_i; a bound may be infinite
//   free     variables that are not at a bound which −g points out of
//   s, y     differences of successive points and gradients; the last `memory` pairs are kept
//   H        the inverse Hessian that the pairs imply; d = −H g on the free variables
//   x(α)     P(x + α d)
//
// H by the two loops of J. Nocedal and S. J. Wright, "Numerical optimization", algorithm 7.4; the
// projection by D. P. Bertsekas, "Projected Newton methods", SIAM J. Control Optim. 20 (1982) 221–246:
// sufficient decrease along x(α), equation 3, and variables at a bound left out of the metric. While
// no bound is met, a step that is still falling steeply is made longer (strong Wolfe).

/** Writes the gradient at x and returns the value. */
export type Objective = (x: Float64Array, gradient: Float64Array) => number;

export interface Box {
  low: ArrayLike<number>;
  high: ArrayLike<number>;
}

export interface LbfgsOptions {
  iterations: number;
  /** Converged when no |P(x − g) − x|_i is larger. */
  tolerance: number;
  /** Pairs to keep. */
  memory?: number;
}

export interface Minimum {
  x: Float64Array;
  value: number;
  /**
   * `stalled`: no lower value was found along the last direction, as at the limit of rounding;
   * `invalid`: value or gradient at the start is not a number.
   */
  end: 'converged' | 'stalled' | 'iterations' | 'invalid';
  iterations: number;
  evaluations: number;
}

/** c1 and c2 of the Wolfe conditions (Nocedal & Wright, section 3.1). */
const sufficientDecrease = 1e-4;
const curvature = 0.9;
const maxTrials = 30;
const epsilon = 2 ** -52;

interface Place {
  x: Float64Array;
  g: Float64Array;
  value: number;
}

interface Pair {
  s: Float64Array;
  y: Float64Array;
}

export function lbfgs(
  objective: Objective,
  start: ArrayLike<number>,
  box: Box,
  { iterations, tolerance, memory = 5 }: LbfgsOptions,
): Minimum {
  let evaluations = 0;
  const evaluate = (x: Float64Array): Place => {
    evaluations++;
    const g = new Float64Array(x.length);
    return { x, g, value: objective(x, g) };
  };
  let at = evaluate(Float64Array.from(start, (x, i) => projected(x, i, box)));
  let pairs: Pair[] = [];
  const ended = (end: Minimum['end'], iteration: number): Minimum => {
    return { x: at.x, value: at.value, end, iterations: iteration, evaluations };
  };
  if (!isFinitePlace(at)) return ended('invalid', 0);

  for (let iteration = 0; iteration < iterations; iteration++) {
    if (slope(at, box) <= tolerance) return ended('converged', iteration);
    const free = freeVariables(at, box);
    let direction = newtonDirection(at.g, free, pairs);
    if (!(dot(direction, at.g) < 0)) {
      pairs = [];
      direction = newtonDirection(at.g, free, pairs);
    }
    let next = search(evaluate, at, direction, box, pairs.length === 0);
    if (next === undefined && pairs.length > 0) {
      pairs = [];
      next = search(evaluate, at, newtonDirection(at.g, free, pairs), box, true);
    }
    if (next === undefined) return ended('stalled', iteration);
    remember(pairs, at, next, memory);
    at = next;
  }
  return ended(slope(at, box) <= tolerance ? 'converged' : 'iterations', iterations);
}

/** The largest |P(x − g) − x|_i. */
function slope({ x, g }: Place, box: Box): number {
  return x.reduce((most, xi, i) => Math.max(most, Math.abs(projected(xi - g[i]!, i, box) - xi)), 0);
}

function freeVariables({ x, g }: Place, { low, high }: Box): boolean[] {
  return Array.from(x, (xi, i) => !((xi <= low[i]! && g[i]! > 0) || (xi >= high[i]! && g[i]! < 0)));
}

/** −H g of the free variables, 0 in the others; −g without pairs. */
function newtonDirection(g: Float64Array, free: boolean[], pairs: readonly Pair[]): Float64Array {
  const masked = (v: Float64Array) => v.map((vi, i) => (free[i]! ? vi : 0));
  const q = masked(g);
  const kept = pairs
    .map(({ s, y }) => ({ s: masked(s), y: masked(y) }))
    .filter(({ s, y }) => dot(s, y) > epsilon * dot(y, y));
  const alphas: number[] = [];
  for (let j = kept.length - 1; j >= 0; j--) {
    const { s, y } = kept[j]!;
    alphas[j] = dot(s, q) / dot(s, y);
    add(q, -alphas[j]!, y);
  }
  const last = kept.at(-1);
  if (last !== undefined) {
    // γ of equation 7.20.
    const gamma = dot(last.s, last.y) / dot(last.y, last.y);
    q.forEach((qi, i) => (q[i] = gamma * qi));
  }
  kept.forEach(({ s, y }, j) => add(q, alphas[j]! - dot(y, q) / dot(s, y), s));
  return q.map((qi) => -qi);
}

/** A place with sufficient decrease along x(α); undefined when there is none. */
function search(
  evaluate: (x: Float64Array) => Place,
  from: Place,
  direction: Float64Array,
  box: Box,
  steepest: boolean,
): Place | undefined {
  const descent = dot(direction, from.g);
  // Without a metric the first step goes a distance of 1 at most.
  let alpha = steepest ? Math.min(1, 1 / Math.sqrt(dot(direction, direction))) : 1;
  let best: Place | undefined;
  for (let trial = 0; trial < maxTrials; trial++) {
    const x = from.x.map((xi, i) => projected(xi + alpha * direction[i]!, i, box));
    const moved = x.some((xi, i) => xi !== from.x[i]);
    // What is still to be gained may be below the rounding of the value.
    const visible = -alpha * descent > epsilon * Math.abs(from.value);
    if (!moved || (trial > 0 && !visible)) return best;
    const place = evaluate(x);
    if (isFinitePlace(place) && falls(from, place)) {
      if (best !== undefined && place.value >= best.value) return best;
      best = place;
      const bounded = x.some((xi, i) => xi !== from.x[i]! + alpha * direction[i]!);
      const steep = dot(place.g, direction) < curvature * descent;
      if (bounded || !steep) return best;
      alpha *= 2;
    } else {
      if (best !== undefined) return best;
      alpha *= shrink(place.value - from.value, alpha * descent);
    }
  }
  return best;
}

/** f(x(α)) ≤ f(x) + c1 gᵀ (x(α) − x). */
function falls(from: Place, to: Place): boolean {
  let linear = 0;
  for (let i = 0; i < to.x.length; i++) linear += from.g[i]! * (to.x[i]! - from.x[i]!);
  return to.value <= from.value + sufficientDecrease * linear && to.value < from.value;
}

/** To the minimum of the parabola through value and slope at 0 and the value here, within bounds. */
function shrink(rise: number, linear: number): number {
  const ratio = -linear / (2 * (rise - linear));
  return ratio > 0.1 && ratio < 0.5
    ? ratio
    : 0.5 - 0.4 * Number(ratio <= 0.1 || !(rise < Infinity));
}

function remember(pairs: Pair[], from: Place, to: Place, memory: number): void {
  const s = to.x.map((xi, i) => xi - from.x[i]!);
  const y = to.g.map((gi, i) => gi - from.g[i]!);
  if (!(dot(s, y) > epsilon * dot(y, y))) return;
  pairs.push({ s, y });
  if (pairs.length > memory) pairs.shift();
}

function isFinitePlace({ value, g }: Place): boolean {
  return Number.isFinite(value) && g.every(Number.isFinite);
}

function projected(x: number, i: number, { low, high }: Box): number {
  return Math.min(high[i]!, Math.max(low[i]!, x));
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** a += factor b. */
function add(a: Float64Array, factor: number, b: Float64Array): void {
  for (let i = 0; i < a.length; i++) a[i]! += factor * b[i]!;
}
