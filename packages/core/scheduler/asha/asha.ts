// Asynchronous successive halving, stopping type (Li et al. 2020, arXiv:1810.05934; the stopping
// variant as in Syne Tune's "stopping" ASHA): a trial goes on from a rung while it belongs to the
// best 1/eta of all that reached it.
//
// symbol  meaning
// r_k     fidelity of rung k: min·eta^k while below max; the last rung is max itself
// eta     one of eta trials goes on from a rung
// n       trials recorded at the rung, the asking one included
// rank    1 + the number of them with a strictly lower loss (ties go on together)

import { assert } from '../../errors/index.ts';
import type { Fidelity } from '../../space/study-spec.ts';
import { dueRung, type Arrival, type Decision, type Scheduler } from '../scheduler.ts';
import { sortedLosses } from '../sorted-losses.ts';

export function asha(eta: number, fidelity: Fidelity): Scheduler {
  const rungs = ladder(eta, fidelity);
  const tables = rungs.map(() => sortedLosses());

  function decide(
    rung: number,
    { loss }: Arrival,
    announced?: ReadonlyMap<number, readonly Arrival[]>,
  ): Decision {
    const also = announced?.get(rung) ?? [];
    const place = `at ${fidelity.metric} ${rungs[rung]!}`;
    if (Number.isNaN(loss)) {
      return {
        decision: 'stop',
        reason: { code: 'asha.nan', text: `${place}: its loss is not a number` },
      };
    }
    const n = tables[rung]!.size + also.length + 1;
    const rank = tables[rung]!.below(loss) + also.filter((other) => other.loss < loss).length + 1;
    if (rung === rungs.length - 1) {
      const text = `${place}: ${ordinal(rank)} of ${n}, the full evaluation`;
      return { decision: 'continue', reason: { code: 'asha.full', text } };
    }
    // At least one goes on, so the best so far is never stopped.
    const keep = Math.max(1, Math.ceil(n / eta));
    const text = `${place}: ${ordinal(rank)} of ${n}, the best ${keep} go on`;
    return rank <= keep
      ? { decision: 'continue', reason: { code: 'asha.continue', text } }
      : { decision: 'stop', reason: { code: 'asha.stop', text } };
  }

  return {
    name: 'asha',
    rungs,
    due: (next, step) => dueRung(rungs, next, step),
    decide,
    record(rung, { loss }) {
      const table = tables[rung];
      assert(table !== undefined, `there is no rung ${rung}`);
      table.add(Number.isNaN(loss) ? Infinity : loss);
      return table.size;
    },
  };
}

/** r_k = min·eta^k below max, then max. */
export function ladder(eta: number, fidelity: Fidelity): number[] {
  assert(eta > 1 && fidelity.min > 0 && fidelity.min <= fidelity.max, 'a ladder must rise');
  const rungs: number[] = [];
  for (let rung = fidelity.min; rung < fidelity.max; rung *= eta) rungs.push(rung);
  rungs.push(fidelity.max);
  return rungs;
}

function ordinal(n: number): string {
  const tens = n % 100;
  if (tens >= 11 && tens <= 13) return `${n}th`;
  return `${n}${['th', 'st', 'nd', 'rd'][n % 10] ?? 'th'}`;
}
