// What must hold of a study's state whatever was asked of it, computed the slow way.

import {
  incumbentOf,
  studyStatus,
  toWire,
  utilization,
  type StudyEvent,
  type StudySpec,
  type StudyState,
} from '../index.ts';

type TrialRecord = StudyState['trials'][number];

export function checkState(state: StudyState): void {
  checkCounts(state);
  checkLeases(state);
  if (state.spec?.objectives === undefined) checkIncumbent(state);
  else checkFront(state);
  checkLedger(state);
  checkSolo(state);
  checkStops(state);
}

function checkCounts(state: StudyState): void {
  for (const [name, count] of Object.entries(state.counts)) {
    const real = state.trials.filter((trial) => trial.state === name).length;
    must(real === count, `${count} trials are said to be ${name}, ${real} are`);
  }
}

/**
 * One live attempt per running trial, at most one per queued trial (a reserve), none for others;
 * each holds one slot, or the place behind the trial that the slot runs.
 */
function checkLeases(state: StudyState): void {
  const held = [...state.workers].flatMap(([worker, { slots }]) =>
    slots.flatMap(({ trial, reserve }, slot) => {
      must(reserve === undefined || trial !== undefined, `${reserve} waits behind nothing`);
      return [trial, reserve].flatMap((it) =>
        it === undefined ? [] : [`${it} ${worker} ${slot}`],
      );
    }),
  );
  const leased: string[] = [];
  for (const { number, attempts, state: is } of state.trials) {
    const open = attempts.filter((attempt) => attempt.end === undefined);
    const reserve = open.some((attempt) => attempt.reserve);
    const lawful = is === 'running' ? 1 : is === 'queued' && reserve ? 1 : 0;
    must(open.length === lawful, `trial ${number}: ${is} with ${open.length} leases`);
    must(is !== 'running' || !reserve, `trial ${number} runs in reserve`);
    must(open.length === 0 || attempts.at(-1) === open[0], `trial ${number}: an old lease`);
    must(state.live.has(number) === open.length > 0, `trial ${number}: live and ${is}`);
    must(state.pausedTrials.has(number) === (is === 'paused'), `trial ${number}: paused and ${is}`);
    for (const { worker, slot } of open) leased.push(`${number} ${worker} ${slot}`);
  }
  must(held.sort().join() === leased.sort().join(), `slots ${held.join()} for ${leased.join()}`);
}

/** Whoever has a worker for itself is alone there. */
function checkSolo(state: StudyState): void {
  for (const { id, slots } of state.workers.values()) {
    const trials = slots.flatMap(({ trial, reserve }) => [trial ?? [], reserve ?? []].flat());
    const solo = trials.some((trial) => state.trials[trial]!.solo);
    must(!solo || trials.length === 1, `a solo trial shares ${id}: ${trials.join()}`);
  }
}

/** What stops saved, and how many trials reached and left the rungs. */
function checkStops(state: StudyState): void {
  const { spec, trials } = state;
  if (spec === undefined) return;
  const max = spec.fidelity?.max;
  const saved = trials
    .filter((trial) => trial.state === 'stopped' && max !== undefined)
    .map((trial) => Math.max(0, max! - (trial.step ?? 0)));
  must(sum(saved) === state.saved, `${state.saved} saved, ${sum(saved)} really`);
  state.scheduler!.rungs.forEach((_, rung) => {
    const reached = trials.filter(({ passed }) => !Number.isNaN(passed[rung] ?? NaN)).length;
    must(reached === (state.reachedAt[rung] ?? 0), `${reached} reached rung ${rung}`);
    const stopped = trials.filter(({ stoppedRung }) => stoppedRung === rung).length;
    must(stopped === (state.stoppedAt[rung] ?? 0), `${stopped} stopped at rung ${rung}`);
  });
}

function checkIncumbent(state: StudyState): void {
  const { spec } = state;
  if (spec === undefined) return;
  const rungs = state.scheduler!.rungs.length;
  const levels = rungs > 0 ? rungs : spec.fidelity === undefined ? 2 : 1;
  const sign = spec.objective.direction === 'maximize' ? -1 : 1;
  const feasible = state.trials.filter(isFeasible);
  let best: { trial: number; loss: number } | undefined;
  for (let level = levels - 1; level >= 0 && best === undefined; level--) {
    for (const trial of feasible) {
      // Where it broke an outcome constraint it was compared as the worst.
      const { [level]: at } = trial.passed;
      const passed = spec.outcomeConstraints !== undefined && at === Infinity ? NaN : at;
      const ends = level === levels - 1 ? 'completed' : rungs === 0 ? 'stopped' : 'none';
      const target = trial.attempts.at(-1)?.fidelityTarget ?? Infinity;
      // It ended at a full fidelity that was raised since.
      const cutShort = trial.step! >= target && trial.step! < spec.fidelity!.max;
      const keeps = breaks(spec, trial) === undefined;
      const ended = trial.state === ends && trial.value !== undefined && !cutShort && keeps;
      const loss =
        passed !== undefined && !Number.isNaN(passed) ? passed : ended ? sign * trial.value! : NaN;
      if (Number.isNaN(loss)) continue;
      if (best === undefined || loss < best.loss) best = { trial: trial.number, loss };
    }
  }
  const lead = incumbentOf(state);
  must(lead?.trial === best?.trial, `trial ${lead?.trial} leads, ${best?.trial} is the best`);
  const value = best && toWire(sign * best.loss + 0);
  must(lead?.value === value, `${lead?.value} leads, ${value} is the best`);
}

/** The completed trials that no other one beats in every objective. */
function checkFront(state: StudyState): void {
  const spec = state.spec!;
  const sign = ({ direction }: { direction: string }) => (direction === 'maximize' ? -1 : 1);
  const ended = state.trials.filter((trial) => trial.state === 'completed' && isFeasible(trial));
  const losses = ended.map(({ value, metrics }) =>
    spec.objectives!.map((one, i) => sign(one) * (i === 0 ? value! : metrics[one.metric]!)),
  );
  const beaten = (v: number[]) =>
    losses.some((u) => u.every((it, i) => it <= v[i]!) && u.some((it, i) => it < v[i]!));
  const best = ended.filter((_, i) => !beaten(losses[i]!)).map(({ number }) => number);
  const front = studyStatus(state, state.lastAt).front!.map(({ trial }) => trial);
  const sorted = front.sort((a, b) => a - b);
  must(sorted.join() === best.join(), `front ${sorted.join()}, really ${best.join()}`);
  must(incumbentOf(state) === undefined, 'one trial leads among several objectives');
  for (const trial of ended) must(breaks(spec, trial) === undefined, 'an infeasible completion');
}

/** The outcome constraint that the trial's last metrics break. */
function breaks(
  { outcomeConstraints = [] }: StudySpec,
  { metrics }: TrialRecord,
): string | undefined {
  const broken = outcomeConstraints.find(({ metric, is, bound }) => {
    const value = metrics[metric];
    if (value === undefined) return false;
    return !(is === 'at-most' ? value <= bound : value >= bound);
  });
  return broken?.metric;
}

function isFeasible({ state: is, attempts, corrected }: TrialRecord): boolean {
  const penalty = is === 'completed' && !corrected && attempts.at(-1)?.end === 'invalid-metric';
  return is !== 'failed' && is !== 'infeasible' && is !== 'cancelled' && !penalty;
}

/** Busy time and losses sum to the allocation exactly, in whole microseconds. */
function checkLedger(state: StudyState): void {
  const { allocatedUs, ...parts } = state.ledger.totals;
  const values = Object.values(parts);
  must(sum(values) === allocatedUs, `${sum(values)} us of ${allocatedUs} are accounted for`);
  must(
    values.every((part) => Number.isInteger(part) && part >= 0),
    `parts ${values.join()}`,
  );
  const view = utilization(state);
  if (view === undefined) return;
  must(view.busyUs + sum(Object.values(view.lossesUs)) === view.allocatedUs, 'the view differs');
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Cheaper than `expect`, which these loops would call a million times. */
function must(holds: boolean, message: string): void {
  if (!holds) throw new Error(message);
}

/** Rows of every attempt in the log: contiguous from 0, none missing and none twice. */
export function rowsInLog(log: readonly StudyEvent[]): Map<string, unknown[]> {
  const rows = new Map<string, unknown[]>();
  for (const event of log) {
    if (event.kind !== 'reports') continue;
    for (const { trial, attempt, from, columns } of event.items) {
      const key = `${trial}/${attempt}`;
      const known = rows.get(key) ?? [];
      must(from === known.length, `rows of ${key} from ${from} follow ${known.length}`);
      for (let i = 0; i < columns.step.length; i++) known.push(columns.metrics['loss']![i]);
      rows.set(key, known);
    }
  }
  return rows;
}
