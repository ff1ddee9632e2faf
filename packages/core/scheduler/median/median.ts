// The median rule: a trial whose best loss so far is worse than the median of the completed trials
// at the same fidelity is stopped (Golovin et al. 2017, "Google Vizier", doi:10.1145/3097983.3098043,
// section 3.2.1; compared as in Optuna's MedianPruner, with its constants).
//
// symbol  meaning
// r_k     fidelity of rung k: max(min, warmup) + k·interval below max; the last rung is max itself
// best    the least loss of the asking trial at rungs 0 … k
// C       completed trials: those recorded at the last rung
// n       those of C that have a loss at rung k
// median  of their losses at rung k: the middle one, or the mean of the two in the middle

import { assert } from '../../errors/index.ts';
import { mostComparisons } from '../../space/median-interval.ts';
import type { Fidelity } from '../../space/study-spec.ts';
import { dueRung, type Arrival, type Decision, type Scheduler } from '../scheduler.ts';
import { sortedLosses, type SortedLosses } from '../sorted-losses.ts';

export interface MedianOptions {
  /** So many trials complete before any is stopped. */
  startup: number;
  /** Nothing is compared below this fidelity. */
  warmup: number;
  /** Fidelity between two comparisons of a trial. */
  interval: number;
}

export function median(options: MedianOptions, fidelity: Fidelity): Scheduler {
  const rungs = medianRungs(options, fidelity);
  const last = rungs.length - 1;
  const counts = new Float64Array(rungs.length);
  /** Of completed trials, by rung. */
  const tables = rungs.map(() => sortedLosses());

  function decide(
    rung: number,
    { loss, passed }: Arrival,
    announced?: ReadonlyMap<number, readonly Arrival[]>,
  ): Decision {
    const place = `at ${fidelity.metric} ${rungs[rung]!}`;
    if (Number.isNaN(loss)) return stop('nan', `${place}: its loss is not a number`);
    if (rung === last) return goOn('full', `${place}: the full evaluation`);
    const ending = announced?.get(last) ?? [];
    const completed = counts[last]! + ending.length;
    if (completed < options.startup) {
      const few = `${place}: ${completed} of the first ${options.startup} trials are completed`;
      return goOn('startup', few);
    }
    const more = ending.map((one) => one.passed[rung]).filter(isLoss);
    const table = withMore(tables[rung]!, more);
    if (table.size === 0) return goOn('first', `${place}: no completed trial was seen there`);
    const best = bestOf(loss, passed, rung);
    const text = `${place}: behind ${table.below(best)} of ${table.size} completed trials`;
    return best > middleOf(table)
      ? stop('stop', `${text}, worse than their median`)
      : goOn('continue', text);
  }

  return {
    name: 'median',
    rungs,
    due: (next, step) => dueRung(rungs, next, step),
    decide,
    record(rung, { passed }) {
      assert(rung in tables, `there is no rung ${rung}`);
      counts[rung]! += 1;
      if (rung === last) {
        // O(rungs · log n) once per completed trial: O(log n) per report.
        for (let k = 0; k < last; k++) if (isLoss(passed[k])) tables[k]!.add(passed[k]!);
      }
      return counts[rung]!;
    },
  };
}

/** r_k, then max. */
export function medianRungs({ warmup, interval }: MedianOptions, { min, max }: Fidelity): number[] {
  const first = Math.max(min, warmup);
  const below = Math.max(0, Math.ceil((max - first) / interval));
  assert(below < mostComparisons, 'so many comparisons passed the check of the study file');
  return [...Array.from({ length: below }, (_, k) => first + k * interval), max];
}

function bestOf(loss: number, passed: readonly number[], rung: number): number {
  let best = loss;
  for (let k = 0; k < rung; k++) if (passed[k]! < best) best = passed[k]!;
  return best;
}

/** Linear between the middle two, as numpy's median is. */
function middleOf(table: Pick<SortedLosses, 'at' | 'size'>): number {
  const upper = table.at(table.size >> 1);
  return table.size % 2 === 1 ? upper : (table.at((table.size >> 1) - 1) + upper) / 2;
}

/** The table with a few losses more. */
function withMore(table: SortedLosses, more: number[]): Omit<SortedLosses, 'add'> {
  if (more.length === 0) return table;
  more.sort((a, b) => a - b);
  return {
    size: table.size + more.length,
    below: (loss) => table.below(loss) + more.filter((other) => other < loss).length,
    at(k) {
      for (const [i, loss] of more.entries()) {
        const position = i + table.below(loss);
        if (position === k) return loss;
        if (position > k) return table.at(k - i);
      }
      return table.at(k - more.length);
    },
  };
}

function isLoss(loss: number | undefined): loss is number {
  return loss !== undefined && !Number.isNaN(loss);
}

function goOn(code: string, text: string): Decision {
  return { decision: 'continue', reason: { code: `median.${code}`, text } };
}

function stop(code: string, text: string): Decision {
  return { decision: 'stop', reason: { code: `median.${code}`, text } };
}
