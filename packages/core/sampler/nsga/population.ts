// Who survives: a population of the best, by fronts, and in a front by how little crowded they are.
// Deb et al.: NSGA-II, IEEE Trans. Evol. Comp. 6 (2002) 182–197; few at a time, since parents that
// are chosen soon are better ones (Durillo, Nebro, Luna & Alba: "On the effect of the steady-state
// selection scheme in multi-objective genetic algorithms", EMO 2009).

import { crowdingDistances, frontsOf, lossOrders } from '../../numerics/non-dominated-sort.ts';
import type { Observed } from '../history.ts';
import { compareOutcomes, isFeasible } from '../outcome-order.ts';
import { directionsFor, MANY, nicheSurvivors } from './reference-directions.ts';

export interface Individual {
  readonly trial: number;
  readonly coordinates: Float64Array;
  readonly unit: Float64Array;
  readonly outcome: Observed['outcome'];
  readonly losses: readonly number[];
  /** 0 is the best. */
  front: number;
  crowding: number;
}

export interface Population {
  readonly size: number;
  members: Individual[];
  /** Since the last selection: ranking all at each of them would cost most of the time. */
  newcomers: Individual[];
  /** Fronts and crowding are those among the present members. */
  isRanked: boolean;
  /** Of NSGA-III, for many losses; absent: crowding decides in a front. */
  readonly directions: readonly Float64Array[] | undefined;
}

/** With many losses everybody is on one front, and crowding favours those far from it (NSGA-III). */
export function newPopulation(size: number, objectives: number): Population {
  const directions = objectives < MANY ? undefined : directionsFor(objectives, size);
  return { size, members: [], newcomers: [], isRanked: true, directions };
}

/** Newcomers that are selected together, as a share of the population. */
const TOGETHER = 0.2;

/** Adds one; after some newcomers the worst of all leave. */
export function join(population: Population, individual: Individual): void {
  const { members, newcomers, size } = population;
  if (newcomers.length === 0 && members.length + 1 < size) {
    members.push(individual);
    population.isRanked = false;
    return;
  }
  newcomers.push(individual);
  if (members.length >= size && newcomers.length < TOGETHER * size) return;
  select(population, [...members, ...newcomers]);
  population.newcomers = [];
}

export function leave(population: Population, trial: number): void {
  const others = (one: Individual) => one.trial !== trial;
  population.newcomers = population.newcomers.filter(others);
  if (population.members.every(others)) return;
  population.members = population.members.filter(others);
  population.isRanked = false;
}

/** The members, each with its rank. */
export function ranked(population: Population): readonly Individual[] {
  if (!population.isRanked) select(population, population.members);
  return population.members;
}

function select(population: Population, all: Individual[]): void {
  population.members = survivors(all, population);
  population.isRanked = true;
}

/** By front, then by crowding. */
export function isBetter(a: Individual, b: Individual): boolean {
  return a.front < b.front || (a.front === b.front && a.crowding > b.crowding);
}

/** The least crowded of the last front stay; each that goes leaves room to its neighbours. */
function survivors(all: Individual[], { size, directions }: Population): Individual[] {
  const crowds = rank(all);
  if (directions !== undefined) {
    const feasible = all.filter(({ outcome }) => isFeasible(outcome));
    const stay = byNiches(feasible, size, directions);
    if (feasible.length >= size) return stay;
  }
  let rest = all;
  while (rest.length > size) {
    const last = rest.reduce((worst, one) => (isWorse(one, worst) ? one : worst));
    rest = rest.filter((one) => one !== last);
    if (isFeasible(last.outcome)) depart(crowds[last.front]!, last);
  }
  return rest;
}

/** Whole fronts while there is room, then the last by niches. */
function byNiches(
  feasible: readonly Individual[],
  size: number,
  directions: readonly Float64Array[],
): Individual[] {
  const counts: number[] = [];
  for (const { front } of feasible) counts[front] = (counts[front] ?? 0) + 1;
  let [split, room] = [0, size];
  while (split < counts.length && counts[split]! <= room) room -= counts[split++]!;
  const kept = feasible.filter(({ front }) => front < split);
  const last = feasible.filter(({ front }) => front === split);
  return [...kept, ...nicheSurvivors(kept, last, Math.min(room, last.length), directions)];
}

/** Of equals the older one goes. */
function isWorse(a: Individual, b: Individual): boolean {
  return isBetter(b, a) || (!isBetter(a, b) && a.trial < b.trial);
}

/**
 * Constrained domination: feasible ones by fronts, each of the others behind those before it. Returns the fronts of the
 * feasible ones.
 */
function rank(members: readonly Individual[]): Crowd[] {
  const feasible = members.filter(({ outcome }) => isFeasible(outcome));
  const fronts = frontsOf(feasible.map(({ losses }) => losses));
  const byFront: Individual[][] = [];
  feasible.forEach((one, i) => {
    one.front = fronts[i]!;
    (byFront[one.front] ??= []).push(one);
  });
  const crowds = byFront.map(crowdOf);
  crowds.forEach(measure);
  const others = members
    .filter(({ outcome }) => !isFeasible(outcome))
    .sort((a, b) => compareOutcomes(a.outcome, b.outcome));
  others.forEach((one, i) => {
    const before = others[i - 1];
    const same = before !== undefined && compareOutcomes(before.outcome, one.outcome) === 0;
    one.front = same ? before.front : byFront.length + i;
    one.crowding = 0;
  });
  return crowds;
}

/** A front, and those of it that have not left in the order of each loss. */
interface Crowd {
  readonly front: readonly Individual[];
  readonly orders: readonly number[][];
}

function crowdOf(front: readonly Individual[]): Crowd {
  return { front, orders: lossOrders(front.map(({ losses }) => losses)) };
}

function depart(crowd: Crowd, one: Individual): void {
  const i = crowd.front.indexOf(one);
  for (const order of crowd.orders) order.splice(order.indexOf(i), 1);
  measure(crowd);
}

function measure({ front, orders }: Crowd): void {
  const distances = crowdingDistances(
    front.map(({ losses }) => losses),
    orders,
  );
  for (const i of orders[0] ?? []) front[i]!.crowding = distances[i]!;
}
