// Which points can have the highest score ln l − ln g, by sums in 32 bits: sampler/tpe/screen.ts says why, and what the error is made
// of. The weights' sums W are the same for all points, so nothing here knows them.

import { at } from './memory';
import { sumTerms } from './mixture';
import { logOfSmall } from './normal';

/** With more of it too many would pass. */
const MOST_ERROR: f64 = 0.05;
/** Of weights, of exponentials, of their sums, and of kernels that are left out, 32 nats below the largest (mixture.ts). */
const REST_ERROR: f64 = 5e-5;
const NEGLIGIBLE: f64 = 32;
const UNIT: f64 = 1.0 / 16777216.0;
const LANES: i32 = 8;

@unmanaged
class Points {
  count: i32;
  dimensions: i32;
  choices: i32;
  stepped: i32;
  /** Coordinates on their scales, 64-bit numbers. */
  coordinates: usize;
  /** Of each dimension start and 1 / width of the scale, and mean, 1 / sd and constant of the prior. */
  frame: usize;
  /** ln of the prior's density of choices and steps; all of it once the points are scaled. */
  logPriors: usize;
  /** Of each point its choices and the columns of its cells. */
  places: usize;
  /** Room for three 64-bit numbers, a place in an order and the scaled coordinates of each point, and for one batch. */
  room: usize;
}

/** The kernels of l or of g (mixture.ts). */
@unmanaged
class Side {
  rows: usize;
  count: i32;
  weights: usize;
  choiceTerms: usize;
  /** Of each table where it begins and how long a column is, in bytes. */
  tables: usize;
  /** The largest |start|. */
  furthest: f32;
  /** The largest v. */
  steepest: f32;
}

/** Their numbers to `out`, in order; how many, or −1 where the error is too large. */
export function contenders(points: Points, l: Side, g: Side, out: usize): i32 {
  const n = points.count;
  const furthest = scale(points);
  const error = errorOf(points, l, furthest) + errorOf(points, g, furthest);
  if (!(error <= MOST_ERROR)) return -1;
  const logL = points.room;
  const bounds = at(logL, n);
  const scores = at(bounds, n);
  for (let first = 0; first < n; first += LANES) {
    const end = min(first + LANES, n);
    for (let lane = 0; lane < LANES; lane++) {
      seat(points, l, min(first + lane, end - 1), lane, Infinity);
    }
    sum(points, l);
    for (let i = first; i < end; i++) {
      const found = sumOf(points, i - first);
      store<f64>(at(logL, i), found);
      // With ln g at its least, the prior's part of it.
      store<f64>(at(bounds, i), found - load<f64>(at(points.logPriors, i)));
      store<f64>(at(scores, i), -Infinity);
    }
  }
  const order = at(scores, n);
  let left = n;
  for (let i = 0; i < n; i++) store<i32>(order + 4 * i, i);
  for (let i = n / 2 - 1; i >= 0; i--) sink(order, bounds, i, n);
  let reached = -Infinity;
  while (true) {
    let lanes = 0;
    for (; lanes < LANES && left > 0; lanes++) {
      const i = load<i32>(order);
      const bound = load<f64>(at(bounds, i));
      if (bound == -Infinity || bound < reached - 2 * error) break;
      store<i32>(order, load<i32>(order + 4 * --left));
      sink(order, bounds, 0, left);
      seat(points, g, i, lanes, <f32>(load<f64>(at(logL, i)) - reached + 2 * error));
      store<i32>(out + 4 * lanes, i);
    }
    if (lanes == 0) break;
    // Lanes that are left over have some point, too.
    for (let rest = lanes; rest < LANES; rest++) {
      seat(points, g, load<i32>(out), rest, -Infinity);
    }
    sum(points, g);
    for (let p = 0; p < lanes; p++) {
      const i = load<i32>(out + 4 * p);
      const score = load<f64>(at(logL, i)) - sumOf(points, p);
      store<f64>(at(scores, i), score);
      reached = max(reached, score);
    }
  }
  let count = 0;
  for (let i = 0; i < n; i++) {
    if (load<f64>(at(scores, i)) >= reached - 2 * error) store<i32>(out + 4 * count++, i);
  }
  return count;
}

/** Scales all points, and adds the dimensions' part to ln of their priors; the largest |ln prior|. */
function scale(points: Points): f64 {
  const end = points.frame + 40 * <usize>points.dimensions;
  let from = points.coordinates;
  let to = scaledOf(points);
  let furthest: f64 = 0;
  for (let i = 0; i < points.count; i++) {
    let logPrior = load<f64>(at(points.logPriors, i));
    for (let d = points.frame; d < end; d += 40) {
      const x = load<f64>(from);
      store<f32>(to, <f32>((x - load<f64>(d)) * load<f64>(d, 8)));
      const z = (x - load<f64>(d, 16)) * load<f64>(d, 24);
      logPrior += load<f64>(d, 32) - 0.5 * z * z;
      from += 8;
      to += 4;
    }
    store<f64>(at(points.logPriors, i), logPrior);
    furthest = max(furthest, abs(logPrior));
  }
  return furthest;
}

/** `furthest`: the largest |ln prior|. */
function errorOf(points: Points, side: Side, furthest: f64): f64 {
  const a = max(furthest, <f64>side.furthest) + NEGLIGIBLE;
  const f = <f64>(points.dimensions + points.choices + points.stepped + 2);
  return REST_ERROR + UNIT * (f * a + 10 * <f64>side.steepest * sqrt(2 * a * f));
}

function scaledOf(points: Points): usize {
  return at(points.room, 3 * points.count) + 4 * <usize>points.count;
}

function batchOf(points: Points): usize {
  return scaledOf(points) + 4 * <usize>(points.count * points.dimensions);
}

/** Where in a batch is what comes after the coordinates, the choices and the cells. */
function knownOf(points: Points): usize {
  return batchOf(points) + 32 * <usize>(points.dimensions + points.choices + points.stepped);
}

/** Gives point i a lane of the batch. */
function seat(points: Points, side: Side, i: i32, lane: i32, enough: f32): void {
  let to = batchOf(points) + 4 * <usize>lane;
  let from = scaledOf(points) + 4 * <usize>(i * points.dimensions);
  for (let d = 0; d < points.dimensions; d++, from += 4, to += 32) {
    store<f32>(to, load<f32>(from));
  }
  from = points.places + 4 * <usize>(i * (points.choices + points.stepped));
  for (let c = 0; c < points.choices; c++, from += 4, to += 32) store<i32>(to, load<i32>(from));
  for (let f = 0; f < points.stepped; f++, from += 4, to += 32) {
    const table = side.tables + 8 * <usize>f;
    store<i32>(to, load<i32>(table) + load<i32>(table, 4) * load<i32>(from));
  }
  store<f32>(to, <f32>load<f64>(at(points.logPriors, i)));
  store<f32>(to, enough, 32);
}

function sum(points: Points, side: Side): void {
  sumTerms(
    side.rows,
    side.weights,
    side.count,
    points.dimensions,
    points.choices,
    points.stepped,
    side.choiceTerms,
    batchOf(points),
  );
}

/** ln of the sum that a lane has come to. */
function sumOf(points: Points, lane: i32): f64 {
  const out = knownOf(points) + 64 + 4 * <usize>lane;
  return <f64>load<f32>(out) + logOfSmall(<f64>load<f32>(out, 32));
}

/** Puts what is at `place` of a heap of `count` points, the highest bound first, below those that come before it. */
function sink(order: usize, bounds: usize, place: i32, count: i32): void {
  const i = load<i32>(order + 4 * place);
  while (true) {
    let next = 2 * place + 1;
    if (next >= count) break;
    let below = load<i32>(order + 4 * next);
    if (next + 1 < count && isBefore(bounds, load<i32>(order + 4 * next, 4), below)) {
      below = load<i32>(order + 4 * ++next);
    }
    if (isBefore(bounds, i, below)) break;
    store<i32>(order + 4 * place, below);
    place = next;
  }
  store<i32>(order + 4 * place, i);
}

/** Of equal ones the first comes first. */
function isBefore(bounds: usize, a: i32, b: i32): bool {
  const ofA = load<f64>(at(bounds, a));
  const ofB = load<f64>(at(bounds, b));
  return ofA > ofB || (ofA == ofB && a < b);
}
