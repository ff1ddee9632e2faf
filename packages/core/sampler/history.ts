import { FleetuneError, assert } from '../errors/index.ts';
import type { SearchSpace } from '../space/search-space.ts';
import type { Params } from '../space/study-spec.ts';
import type { Change, Outcome } from './sampler.ts';

/** What is known of one trial. */
export interface Observed {
  readonly trial: number;
  readonly coordinates: Float64Array;
  /** As they were given. */
  readonly params: Params;
  readonly outcome: Exclude<Outcome, { state: 'removed' }>;
}

/** What a sampler knows: the last change of every trial. */
export interface History {
  readonly space: SearchSpace;
  readonly trials: Map<number, Observed>;
  /** How many trials have the key; from the first question on whether params are used. */
  keyCounts: Map<string, number> | undefined;
  /** Where coordinates of the next trials go: an array of its own for each takes twice the room. */
  free: Float64Array<ArrayBuffer>;
}

/** What a change did to the knowledge of its trial. */
export interface Learnt {
  before: Observed | undefined;
  /** With the coordinates of `before`, the same array, when its params are. */
  after: Observed | undefined;
  /** Params that were used, and were asked about, have become free again. */
  freed: boolean;
}

export function createHistory(space: SearchSpace): History {
  return { space, trials: new Map(), keyCounts: undefined, free: new Float64Array(0) };
}

/**
 * Applies one change: a later change of the same trial replaces the earlier one, `removed` forgets
 * it. Params that do not belong to the space (it was edited since) teach nothing about it and are
 * left out.
 */
export function observe(history: History, change: Change): Learnt {
  const { trial } = change;
  const before = history.trials.get(trial);
  const after = observed(history, change, before);
  if (after === undefined) history.trials.delete(trial);
  else history.trials.set(trial, after);
  const { keyCounts } = history;
  const moved = before?.coordinates !== after?.coordinates;
  if (!moved || keyCounts === undefined) return { before, after, freed: false };
  if (after !== undefined) countKey(history.space, keyCounts, after);
  const freed = before !== undefined && uncountKey(history.space, keyCounts, before);
  return { before, after, freed };
}

/** How many trials have each of the params that are used, by canonical key. */
export function usedKeys(history: History): ReadonlyMap<string, number> {
  if (history.keyCounts === undefined) {
    history.keyCounts = new Map();
    for (const trial of history.trials.values()) {
      countKey(history.space, history.keyCounts, trial);
    }
  }
  return history.keyCounts;
}

/** Is a trial with these params pending or done? */
export function isUsed(history: History, coordinates: Float64Array): boolean {
  return usedKeys(history).has(keyOf(history.space, coordinates));
}

function observed(
  history: History,
  { trial, params, outcome: given }: Change,
  before: Observed | undefined,
): Observed | undefined {
  if (given.state === 'removed') return undefined;
  const outcome = hasNaN(given) ? FAILED : given;
  checkNumbers(trial, outcome);
  if (before?.params === params) return { ...before, outcome };
  const coordinates = belonging(history.space, params);
  if (coordinates === undefined) return undefined;
  const same = before !== undefined && isSame(coordinates, before.coordinates);
  const kept = same ? before.coordinates : stored(history, coordinates);
  return { trial, params, coordinates: kept, outcome };
}

const FAILED = { state: 'failed' } as const;

/** A loss that is no number is of no rank, but that the params led to it is worth knowing. */
function hasNaN(outcome: Outcome): boolean {
  if (!('loss' in outcome)) return false;
  if (Number.isNaN(outcome.loss)) return true;
  if (outcome.state !== 'completed') return false;
  const { losses, violation } = outcome;
  return Number.isNaN(violation) || losses?.some(Number.isNaN) === true;
}

function checkNumbers(trial: number, outcome: Outcome): void {
  if (outcome.state !== 'completed') return;
  const { loss, losses, violation = 0 } = outcome;
  assert(
    losses === undefined || losses[0] === loss,
    () => `trial ${trial} has the loss ${loss}, which is not its first`,
  );
  assert(violation >= 0, () => `trial ${trial} has the violation ${violation}`);
}

const TRIALS_AT_ONCE = 256;

function stored(history: History, coordinates: Float64Array): Float64Array {
  const { length } = coordinates;
  if (history.free.length < length) history.free = new Float64Array(TRIALS_AT_ONCE * length);
  const place = history.free.subarray(0, length);
  history.free = history.free.subarray(length);
  place.set(coordinates);
  return place;
}

export function isSame(a: Float64Array, b: Float64Array): boolean {
  return a.every((x, d) => Object.is(x, b[d]));
}

function belonging(space: SearchSpace, params: Change['params']): Float64Array | undefined {
  try {
    return space.fromParams(params);
  } catch (error) {
    if (error instanceof FleetuneError) return undefined;
    throw error;
  }
}

function keyOf(space: SearchSpace, coordinates: Float64Array): string {
  return space.key(space.toParams(coordinates));
}

type KeyCounts = Map<string, number>;

function countKey(space: SearchSpace, counts: KeyCounts, { coordinates }: Observed): void {
  const key = keyOf(space, coordinates);
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** True when no trial has the key any longer. */
function uncountKey(space: SearchSpace, counts: KeyCounts, { coordinates }: Observed): boolean {
  const key = keyOf(space, coordinates);
  const left = counts.get(key)! - 1;
  if (left > 0) counts.set(key, left);
  else counts.delete(key);
  return left === 0;
}
