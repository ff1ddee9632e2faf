// Differential evolution without generations: trial k is a vector for slot k mod P, and who is
// better has the slot. Storn & Price: J. Global Optimization 11 (1997) 341–359; Zhang & Sanderson:
// "JADE", IEEE Trans. Evol. Comp. 13 (2009) 945–958, without its archive
// and its memory of F and CR: without it, 500 trials mostly end better.
//
//   symbol   meaning
//   P        `population`: slots, and random trials at the start
//   target   who has the slot that a trial competes for

import { randomStream, type RandomStream } from '../../numerics/random-stream.ts';
import { axisOf, type Axis } from '../../space/axis.ts';
import type { SearchSpace } from '../../space/search-space.ts';
import { encodingOf } from '../encoding.ts';
import { createHistory, observe, type Observed } from '../history.ts';
import { mutateOne } from '../mutation.ts';
import { randomDraws } from '../random/random.ts';
import { unitPrior } from '../random/unit-prior.ts';
import type { Sampler, Suggestion } from '../sampler.ts';
import { createUnused } from '../unused.ts';
import { createSlots, type Slots } from './slots.ts';
import { trialVector, type Rates, type Vector } from './trial-vector.ts';

export interface DifferentialEvolutionOptions {
  /** Slots, each with the best of the trials that competed for it; random trials at the start. */
  population: number;
}

const NAME = 'differential-evolution';
/** Two others, one of the best, and the target. */
const FEWEST = 4;
/** Of F and CR. */
const SPREAD = 0.1;
/** Who counts as one of the best (Zhang & Sanderson 2009: 5 to 20 %). */
const BEST = 0.1;

export function createDifferentialEvolution(
  space: SearchSpace,
  seed: number,
  { population }: DifferentialEvolutionOptions,
): Sampler {
  const history = createHistory(space);
  const unused = createUnused(history);
  const drawRandom = randomDraws(space, unused, seed);
  const encoding = encodingOf(space);
  const nothingVaries = encoding.numbers.length + encoding.choices.length === 0;
  const priors = space.parameters.map(unitPrior);
  const axes = space.parameters.map(axisOf);
  const slots = createSlots(population);

  /** Of trials that had a slot when they were needed. */
  const vectors = new WeakMap<Observed, Vector>();

  const vector = (one: Observed): Vector => {
    const found = vectors.get(one);
    if (found !== undefined) return found;
    const { coordinates } = one;
    const made = { coordinates, unit: space.toUnit(coordinates) };
    vectors.set(one, made);
    return made;
  };
  const child = (target: Observed, rates: Rates, stream: RandomStream): Float64Array => {
    const [p, a, b] = partners(slots, target, stream).map(vector) as [Vector, Vector, Vector];
    const x = vector(target);
    const fresh = (index: number) => priors[index]!(stream.next());
    const unit = trialVector({ x, p, a, b }, encoding, rates, fresh, stream);
    if (isAt(axes, unit, target.coordinates)) {
      mutateOne(target.coordinates, unit, encoding, stream);
    }
    return unit;
  };
  const startup = (trial: number): Suggestion => {
    const text = 'Start-up: drawn at random, for a slot without a trial that ended.';
    const params = space.toParams(drawRandom(trial));
    return { params, sampler: 'random', reason: { code: 'startup', text } };
  };

  return {
    name: NAME,
    observe(change) {
      const { before, after } = observe(history, change);
      if (before !== undefined && 'loss' in before.outcome) slots.remove(before);
      // What failed has no loss: it wins no slot.
      if (after !== undefined && 'loss' in after.outcome) slots.add(after);
    },
    suggest(trial) {
      const target = slots.holder(slots.slotOf(trial));
      if (target === undefined || slots.ranked().length < FEWEST || nothingVaries) {
        return startup(trial);
      }
      const stream = randomStream(seed, trial, NAME);
      const rates = drawRates(stream);
      const coordinates = unused.draw(stream, () => child(target, rates, stream));
      const text =
        `Trial ${target.trial}, moved towards one of the best ` +
        `${numberOfBest(slots)} and by a difference of two others.`;
      return { params: space.toParams(coordinates), sampler: NAME, reason: { code: NAME, text } };
    },
  };
}

/**
 * Has the point of the unit cube these coordinates? Asked up to the first that differs, mostly an early one: until then the same
 * parameters are active.
 */
function isAt(axes: readonly Axis[], unit: Float64Array, coordinates: Float64Array): boolean {
  for (let d = 0; d < axes.length; d++) {
    const own = coordinates[d]!;
    if (!Number.isNaN(own) && axes[d]!.fromUnit(unit[d]!) !== own) return false;
  }
  return true;
}

/** Around 0.5: Cauchy in (0, 1], and normal in [0, 1] (Zhang & Sanderson 2009, eq. 7 and 10). */
function drawRates(stream: RandomStream): Rates {
  let f = 0;
  while (f <= 0) f = 0.5 + SPREAD * Math.tan(Math.PI * (stream.next() - 0.5));
  const cr = Math.min(1, Math.max(0, 0.5 + SPREAD * stream.normal()));
  return { f: Math.min(1, f), cr };
}

function numberOfBest(slots: Slots): number {
  return Math.max(2, Math.round(BEST * slots.ranked().length));
}

/** One of the best, and two others that differ from each other and from the target. */
function partners(slots: Slots, target: Observed, stream: RandomStream): Observed[] {
  const ranked = slots.ranked();
  const p = ranked[stream.int(numberOfBest(slots))]!;
  const own = ranked.indexOf(target);
  const other = (i: number): Observed => ranked[i < own ? i : i + 1]!;
  const a = stream.int(ranked.length - 1);
  const b = stream.int(ranked.length - 2);
  return [p, other(a), other(b < a ? b : b + 1)];
}
