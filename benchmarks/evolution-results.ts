// What CMA-ES, NSGA-II and TPE with several objectives find, beside the packages `cmaes` (CatCMA with margin), pymoo and
// Optuna: medians over seeds, and in how many problems ours is significantly worse.

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  cmaEsDefaults,
  createSampler,
  hypervolume,
  randomStream,
  searchSpace,
  tpeDefaultsFor,
} from '@fleetune/core';
import type {
  Parameter,
  ParamValue,
  Params,
  SamplerMaker,
  SamplerSpec,
  SearchSpace,
} from '@fleetune/core';
import { fronts, type FrontProblem } from './evolution/fronts.ts';
import { dimensionsOf, dominatedShare, dtlz2 } from './evolution/many-losses.ts';
import { problems, type Problem } from './evolution/problems.ts';
import { tradeOffs } from './evolution/trade-offs.ts';
import type { Bench, Measured } from './harness/bench.ts';
import { median } from './harness/median.ts';
import { pythonPeer } from './peers/python-peer.ts';

const seeds = 15;
/** Where a study of the peer takes long. */
const fewSeeds = 5;
const peers = join(import.meta.dirname, 'peers');
const cmaEs = { type: 'cma-es', ...cmaEsDefaults } as const;
const population = 50;
const tpe = { type: 'tpe', ...tpeDefaultsFor(2) } as const;
const nsga = { type: 'nsga', population, crossover: 0.9 } as const;

export const bench: Bench = {
  summary: 'losses of CMA-ES, hypervolumes of NSGA-II and TPE, beside cmaes, pymoo and Optuna',
  minutes: 20,
  async *run(): AsyncIterable<Measured> {
    const cmaes = await pythonPeer(['cmaes==0.13.1', 'scipy==1.17.1']);
    const pymoo = await pythonPeer(['pymoo==0.6.2']);
    const optuna = await pythonPeer(['optuna==5.0.0']);
    yield* losses(cmaes);
    yield* volumes(pymoo);
    yield* manyLosses(pymoo);
    yield* tradeOffVolumes(optuna);
  },
};

async function* losses(python: string | undefined): AsyncIterable<Measured> {
  const budgets = [300, 1000, 3000];
  const names = Object.keys(problems);
  yield* compare('cma-es', python, 'cmaes 0.13.1', budgets, 'lower', names, async (name) => ({
    what: `${name}, loss`,
    own: eachSeed((seed) => bestLosses(problems[name]!, seed, budgets)),
    other: await peer(python, 'evolution.py', [name, seeds, ...budgets]),
  }));
}

async function* volumes(python: string | undefined): AsyncIterable<Measured> {
  const budgets = [2000, 5000];
  const names = Object.keys(fronts);
  yield* compare('nsga', python, 'pymoo 0.6.2', budgets, 'higher', names, async (name) => ({
    what: `${name}, hypervolume`,
    own: eachSeed((seed) => frontVolumes(fronts[name]!, seed, budgets)),
    other: await peer(python, 'fronts.py', [name, seeds, population, ...budgets]),
  }));
}

/** NSGA-III, which takes over from four objectives on. */
async function* manyLosses(python: string | undefined): AsyncIterable<Measured> {
  const budgets = [1000, 2000, 5000];
  const name = 'nsga, many objectives';
  yield* compare(name, python, 'pymoo 0.6.2', budgets, 'higher', [4, 5, 8], async (objectives) => ({
    what: `dtlz2 of ${objectives} objectives, dominated share`,
    own: eachSeed((seed) => dominatedShares(objectives, seed, budgets)),
    other: await peer(python, 'many_losses.py', [objectives, seeds, population, ...budgets]),
  }));
}

/** A few hundred trials: TPE with several objectives. */
async function* tradeOffVolumes(python: string | undefined): AsyncIterable<Measured> {
  const budgets = [100, 200];
  const names = Object.keys(tradeOffs);
  yield* compare('tpe', python, 'optuna 5.0.0', budgets, 'higher', names, async (name) => {
    const { parameters, reference, losses } = tradeOffs[name]!;
    const search = { spec: tpe, space: searchSpace(parameters, []), reference, losses };
    return {
      what: `tpe, ${name}, hypervolume`,
      own: eachSeed((seed) => volumesOf(search, seed, budgets), fewSeeds),
      other: await peer(python, 'trade_offs.py', [name, fewSeeds, ...budgets]),
    };
  });
}

/** What was found after each budget, by seed. */
interface Found {
  what: string;
  own: number[][];
  other: number[][];
}

/** Medians beside the peer's for each problem and budget, and in how many of these ours is significantly worse. */
async function* compare<P>(
  sampler: string,
  python: string | undefined,
  peerName: string,
  budgets: readonly number[],
  better: 'lower' | 'higher',
  among: readonly P[],
  find: (problem: P) => Promise<Found>,
): AsyncIterable<Measured> {
  const pValues: number[] = [];
  let runs = seeds;
  for (const problem of among) {
    const { what, own, other } = await find(problem);
    runs = own.length;
    for (const [i, trials] of budgets.entries()) {
      const ours = own.map((found) => found[i]!);
      const theirs = other.map((found) => found[i]!);
      yield {
        case: `${what} after ${trials}`,
        value: median(ours),
        unit: '',
        better,
        ...(python && { peers: { [peerName]: median(theirs) } }),
        runs,
      };
      if (!python) continue;
      // What is found beyond 1e-8 is of no use to anybody.
      const useful = (loss: number) => Math.log(Math.max(loss, 1e-8));
      pValues.push(
        better === 'lower' ? worse(ours.map(useful), theirs.map(useful)) : worse(theirs, ours),
      );
    }
  }
  if (python) yield significantlyWorse(sampler, pValues, runs);
}

function eachSeed<T>(study: (seed: number) => T, count = seeds): T[] {
  return Array.from({ length: count }, (_, seed) => study(seed));
}

function bestLosses(problem: Problem, seed: number, budgets: readonly number[]): number[] {
  const many = (prefix: string, count: number, parameter: object): Parameter[] =>
    Array.from({ length: count }, (_, i) => ({ name: `${prefix}${i}`, ...parameter }) as Parameter);
  const space = searchSpace(
    [
      ...many('x', problem.x, { type: 'float', low: -5, high: 5, log: false }),
      ...many('z', problem.z, { type: 'int', low: -10, high: 10, step: 1, log: false }),
      ...many('c', problem.c, { type: 'categorical', choices: [0, 1, 2, 3, 4] }),
    ],
    [],
  );
  const sampler = createSampler(cmaEs, space, seed);
  let best = Infinity;
  return play(sampler, budgets, (params) => {
    const of = (prefix: string) =>
      Object.entries(params).flatMap(([name, value]) => (name.startsWith(prefix) ? [+value!] : []));
    const loss = problem.loss({ x: of('x'), z: of('z'), c: of('c') });
    best = Math.min(best, loss);
    return { losses: [loss], state: () => best };
  });
}

function frontVolumes(problem: FrontProblem, seed: number, budgets: readonly number[]): number[] {
  const losses = (params: Params) => problem.losses(Object.values<ParamValue>(params).map(Number));
  const space = searchSpace(unitCube(problem.dimensions), []);
  return volumesOf({ spec: nsga, space, reference: problem.reference, losses }, seed, budgets);
}

function dominatedShares(objectives: number, seed: number, budgets: readonly number[]): number[] {
  const space = searchSpace(unitCube(dimensionsOf(objectives)), []);
  const sampler = createSampler(nsga, space, seed, {}, objectives);
  const shareWith = dominatedShare(objectives);
  return play(sampler, budgets, (params) => {
    const losses = dtlz2(Object.values<ParamValue>(params).map(Number), objectives);
    const share = shareWith(losses);
    return { losses, state: () => share };
  });
}

function unitCube(dimensions: number): Parameter[] {
  return Array.from({ length: dimensions }, (_, i): Parameter => {
    return { name: `x${i}`, type: 'float', low: 0, high: 1, log: false };
  });
}

interface Search {
  spec: SamplerSpec;
  space: SearchSpace;
  reference: readonly number[];
  losses(params: Params): number[];
}

function volumesOf(search: Search, seed: number, budgets: readonly number[]): number[] {
  const { spec, space, reference } = search;
  const sampler = createSampler(spec, space, seed, {}, reference.length);
  const tried: number[][] = [];
  return play(sampler, budgets, (params) => {
    const losses = search.losses(params);
    tried.push(losses);
    return { losses, state: () => hypervolume(tried, reference) };
  });
}

/** The state after each of the budgets. */
function play(
  sampler: ReturnType<SamplerMaker>,
  budgets: readonly number[],
  tryOut: (params: Params) => { losses: number[]; state(): number },
): number[] {
  const states: number[] = [];
  for (let trial = 0; trial < Math.max(...budgets); trial += 1) {
    const { params } = sampler.suggest(trial) as { params: Params };
    sampler.observe({ trial, params, outcome: { state: 'pending' } });
    const { losses, state } = tryOut(params);
    sampler.observe({ trial, params, outcome: { state: 'completed', loss: losses[0]!, losses } });
    if (budgets.includes(trial + 1)) states.push(state());
  }
  return states;
}

async function peer(
  python: string | undefined,
  script: string,
  given: (string | number)[],
): Promise<number[][]> {
  if (!python) return [];
  const args = [join(peers, script), ...given.map(String)];
  const { stdout } = await promisify(execFile)(python, args);
  return JSON.parse(stdout) as number[][];
}

/** Bootstrap: the share of resamples in which the mean of `ours` is not above that of `theirs`. */
function worse(ours: readonly number[], theirs: readonly number[]): number {
  const stream = randomStream(1, 0, 'bootstrap');
  const resamples = 10_000;
  const mean = (all: readonly number[]): number => {
    let sum = 0;
    for (let i = 0; i < all.length; i += 1) sum += all[stream.int(all.length)]!;
    return sum / all.length;
  };
  let notWorse = 0;
  for (let i = 0; i < resamples; i += 1) if (mean(ours) <= mean(theirs)) notWorse += 1;
  return (notWorse + 1) / (resamples + 1);
}

/** At 0.05 for all together (Holm). */
function significantlyWorse(name: string, pValues: readonly number[], runs: number): Measured {
  const sorted = pValues.toSorted((a, b) => a - b);
  const first = sorted.findIndex((p, i) => p > 0.05 / (sorted.length - i));
  const value = first < 0 ? sorted.length : first;
  const label = `${name}: significantly worse, of ${sorted.length}`;
  return { case: label, value, unit: '', better: 'lower', goal: 0, runs };
}
