// One run of the evolution strategy, from a start until it gets no further.
//
//   symbol   meaning
//   λ        samples of a generation
//   N        numbers and choices together

import type { RandomStream } from '../../numerics/random-stream.ts';
import { truncatedNormalQuantile } from '../../numerics/truncated-normal.ts';
import { penalised, type BoxPenalty } from './box-penalty.ts';
import { constantsOf, defaultPopulation } from './constants.ts';
import { drawChoice, learnChoices, newChoiceModel, type ChoiceModel } from './choice-model.ts';
import type { Encoding, NumberDimension } from '../encoding.ts';
import { alphaOf, centre, correct, newMargin, type Margin } from './margin.ts';
import { deviation, learn, newNormalModel, sampleOf, type NormalModel } from './normal-model.ts';
import { ranked, type Member } from './selection.ts';
import type { Start } from './warm-start.ts';

export interface Run {
  readonly number: number;
  readonly lambda: number;
  /** Trials after which it is over in any case. */
  readonly limit: number;
  readonly normal: NormalModel;
  readonly choices: ChoiceModel;
  readonly margin: Margin;
  readonly penalty: BoxPenalty;
  readonly noisy: boolean;
  /** Trials that it has learnt from. */
  spent: number;
  generation: number;
  /** Best and worst losses of its last generations, as many as are compared. */
  readonly recent: { best: number; worst: number }[];
  best: number;
  /** The generation that found it. */
  bestAt: number;
}

export interface Drawn {
  v: Float64Array;
  choices: Int32Array;
}

export function newRun(
  { numbers, choices }: Encoding,
  start: Start,
  given: { number: number; lambda: number; limit: number; noisy: boolean },
): Run {
  const discrete = numbers.filter(({ cells }) => cells < Infinity).length + choices.length;
  const alpha = alphaOf(discrete);
  return {
    ...given,
    normal: newNormalModel(start.mean, start.spread, given.noisy),
    choices: newChoiceModel(choices, alpha, start.weightsOf),
    margin: newMargin(numbers, alpha),
    penalty: { ranges: [] },
    spent: 0,
    generation: 0,
    recent: [],
    best: Infinity,
    bestAt: 0,
  };
}

export function populationOf({ numbers, choices }: Encoding, given: number | undefined): number {
  return given ?? defaultPopulation(numbers.length + choices.length);
}

export function draw({ normal, choices }: Run, encoding: Encoding, stream: RandomStream): Drawn {
  const z = new Float64Array(normal.n);
  for (let j = 0; j < z.length; j++) z[j] = stream.normal();
  const v = sampleOf(normal, z);
  const drawn = new Int32Array(encoding.choices.length);
  for (let i = 0; i < drawn.length; i++) drawn[i] = drawChoice(choices, i, stream.next());
  return { v, choices: drawn };
}

/** Into the unit cube of the space. */
export function unitOf({ numbers, choices }: Encoding, drawn: Drawn, unit: Float64Array): void {
  numbers.forEach(({ index, cells, cellOf, centre }, j) => {
    const v = drawn.v[j]!;
    unit[index] = cells === Infinity ? Math.min(1, Math.max(0, v)) : centre(cellOf(v));
  });
  choices.forEach(({ index, unitOf: at }, i) => {
    unit[index] = at(drawn.choices[i]!);
  });
}

/**
 * What the model could have drawn for such params: numbers with cells anywhere in their cell, those
 * at an end anywhere beyond it, inactive ones anywhere.
 */
export function behind(
  { normal }: Run,
  { numbers, choices }: Encoding,
  coordinates: Float64Array,
  unit: Float64Array,
  stream: RandomStream,
): Drawn {
  const v = Float64Array.from(numbers, (number, j) => {
    const { index } = number;
    const sd = deviation(normal, j);
    const m = normal.mean[j]!;
    if (Number.isNaN(coordinates[index]!)) return m + sd * stream.normal();
    const [low, high] = bounds(number, unit[index]!);
    if (low === high) return low;
    return m + sd * truncatedNormalQuantile(stream.next(), (low - m) / sd, (high - m) / sd);
  });
  const drawn = Int32Array.from(choices, ({ index, choiceOf }) => {
    const coordinate = coordinates[index]!;
    return Number.isNaN(coordinate) ? -1 : choiceOf(coordinate);
  });
  return { v, choices: drawn };
}

/** What becomes this unit coordinate: its cell, and at an end of the range all beyond. */
function bounds({ cells, cellOf, limit }: NumberDimension, unit: number): [number, number] {
  if (cells === Infinity) return [unit === 0 ? -Infinity : unit, unit === 1 ? Infinity : unit];
  const k = cellOf(unit);
  return [k === 0 ? -Infinity : limit(k), k === cells - 1 ? Infinity : limit(k + 1)];
}

/** One generation of trials that have ended. */
export function advance(run: Run, encoding: Encoding, gathered: readonly Member[]): void {
  const { normal, margin } = run;
  const { numbers } = encoding;
  const constants = constantsOf(normal.n, gathered.length, normal.covariance.diagonal);
  const judged =
    normal.n === 0 ? gathered : penalised(run.penalty, numbers, normal, gathered, constants.muEff);
  const { members, weights, positive } = ranked(judged, constants.weights);
  const vs = members.map(({ v }) => v.slice());
  if (normal.n > 0) {
    centre(margin, numbers, normal.mean, vs, constants.mu);
    learn(normal, { vs, exact: members.map(({ own }) => own), weights, positive });
    correct(margin, numbers, normal);
  }
  if (encoding.choices.length > 0) {
    learnChoices(
      run.choices,
      members.map(({ choices }) => choices),
      positive,
    );
  }
  run.generation += 1;
  run.spent += members.length;
  remember(run, gathered, encoding);
}

function remember(run: Run, members: readonly Member[], { numbers, choices }: Encoding): void {
  const losses = members.map(lossOf);
  const best = Math.min(...losses);
  const worst = Math.max(...losses);
  run.recent.push({ best, worst });
  const compared = 10 + Math.ceil((30 * (numbers.length + choices.length)) / run.lambda);
  if (run.recent.length > compared) run.recent.shift();
  if (!(best < run.best)) return;
  run.best = best;
  run.bestAt = run.generation;
}

function lossOf({ outcome }: Member): number {
  return outcome.state === 'completed' ? outcome.loss : Infinity;
}

const TOL_FUN = 1e-12;
const TOL_X = 1e-12;
const CONDITION_MAX = 1e7;

/** It gets no further (Hansen, INRIA RR-6829, table 2: TolHistFun, TolX, ConditionCov, Stagnation). */
export function isOver(run: Run, { numbers, choices }: Encoding): boolean {
  const { normal, recent, generation } = run;
  if (run.spent >= run.limit) return true;
  const share = (numbers.length + choices.length) / run.lambda;
  const compared = 10 + Math.ceil(30 * share);
  if (recent.length >= compared) {
    const low = Math.min(...recent.map(({ best }) => best));
    const high = Math.max(...recent.map(({ worst }) => worst));
    if (low === high || high - low <= TOL_FUN * Math.max(1, Math.abs(low))) return true;
  }
  if (!run.noisy && generation - run.bestAt > 120 + 30 * share) return true;
  if (normal.n === 0) return false;
  const still = numbers.every(({ cells }, j) => cells < Infinity || deviation(normal, j) < TOL_X);
  const continuous = numbers.some(({ cells }) => cells === Infinity);
  return (still && continuous) || normal.covariance.condition() > CONDITION_MAX;
}
