import { FleetuneError, assert } from '../errors/index.ts';
import type { SearchSpace } from '../space/search-space.ts';
import type { Change } from './sampler.ts';

export type TrialOutcome = 'pending' | 'completed' | 'stopped' | 'failed' | 'infeasible';

/**
 * What a sampler knows: one row per trial, rows in ascending order of trial numbers whatever the
 * order of the changes, so that equal knowledge is equal data. Rows 0 … count − 1 of every column
 * are in use.
 */
export interface History {
  readonly space: SearchSpace;
  count: number;
  trials: Float64Array;
  outcomes: TrialOutcome[];
  /** NaN unless completed or stopped. */
  losses: Float64Array;
  /** The highest fidelity that was reached; NaN unless stopped. */
  steps: Float64Array;
  /** One column per parameter, in coordinates: NaN where it is inactive. */
  columns: Float64Array[];
  /** The canonical key of each row. */
  keys: string[];
  /** How many rows have the key. */
  readonly keyCounts: Map<string, number>;
}

export function createHistory(space: SearchSpace): History {
  const capacity = 64;
  return {
    space,
    count: 0,
    trials: new Float64Array(capacity),
    outcomes: [],
    losses: new Float64Array(capacity),
    steps: new Float64Array(capacity),
    columns: Array.from({ length: space.dimensions }, () => new Float64Array(capacity)),
    keys: [],
    keyCounts: new Map(),
  };
}

/**
 * Applies one change: a later change of the same trial replaces the earlier one, `removed` forgets
 * it. Params that do not belong to the space (it was edited since) teach nothing about it and are
 * left out. True when params that were used have become free again.
 */
export function observe(history: History, change: Change): boolean {
  const { outcome, trial } = change;
  const coordinates = outcome.state === 'removed' ? undefined : belonging(history.space, change);
  const row = findRow(history, trial);
  const known = row < history.count && history.trials[row] === trial;
  const keyBefore = known ? history.keys[row]! : undefined;
  if (keyBefore !== undefined) uncountKey(history, keyBefore);
  if (coordinates === undefined || outcome.state === 'removed') {
    if (known) removeRow(history, row);
    return keyBefore !== undefined && !history.keyCounts.has(keyBefore);
  }
  if (!known) insertRow(history, row);
  const loss = 'loss' in outcome ? outcome.loss : NaN;
  assert('loss' in outcome === !Number.isNaN(loss), `trial ${trial} has the loss NaN`);
  history.trials[row] = trial;
  history.outcomes[row] = outcome.state;
  history.losses[row] = loss;
  history.steps[row] = outcome.state === 'stopped' ? outcome.step : NaN;
  history.columns.forEach((column, d) => (column[row] = coordinates[d]!));
  const key = history.space.key(change.params);
  history.keys[row] = key;
  history.keyCounts.set(key, (history.keyCounts.get(key) ?? 0) + 1);
  return keyBefore !== undefined && !history.keyCounts.has(keyBefore);
}

/** Is a trial with these params pending or done? */
export function isUsed(history: History, coordinates: Float64Array): boolean {
  return history.keyCounts.has(history.space.key(history.space.toParams(coordinates)));
}

function belonging(space: SearchSpace, change: Change): Float64Array | undefined {
  try {
    return space.fromParams(change.params);
  } catch (error) {
    if (error instanceof FleetuneError) return undefined;
    throw error;
  }
}

/** The row of the trial, or the one where it belongs. */
function findRow(history: History, trial: number): number {
  let low = 0;
  let high = history.count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (history.trials[middle]! < trial) low = middle + 1;
    else high = middle;
  }
  return low;
}

function numericColumns(history: History): Float64Array[] {
  return [history.trials, history.losses, history.steps, ...history.columns];
}

function insertRow(history: History, row: number): void {
  if (history.count === history.trials.length) grow(history);
  for (const column of numericColumns(history)) column.copyWithin(row + 1, row, history.count);
  history.outcomes.splice(row, 0, 'pending');
  history.keys.splice(row, 0, '');
  history.count++;
}

function removeRow(history: History, row: number): void {
  for (const column of numericColumns(history)) column.copyWithin(row, row + 1, history.count);
  history.outcomes.splice(row, 1);
  history.keys.splice(row, 1);
  history.count--;
}

function grow(history: History): void {
  const larger = (column: Float64Array): Float64Array => {
    const copy = new Float64Array(2 * column.length);
    copy.set(column);
    return copy;
  };
  history.trials = larger(history.trials);
  history.losses = larger(history.losses);
  history.steps = larger(history.steps);
  history.columns = history.columns.map(larger);
}

function uncountKey(history: History, key: string): void {
  const left = history.keyCounts.get(key)! - 1;
  if (left === 0) history.keyCounts.delete(key);
  else history.keyCounts.set(key, left);
}
