import { createScheduler } from '../scheduler/create-scheduler.ts';
import type { Scheduler } from '../scheduler/scheduler.ts';
import type { StudySpec } from '../space/study-spec.ts';
import { derive, isCutShort } from './derive.ts';
import { violationOf } from './outcome.ts';
import { recentReports } from './recent-reports.ts';
import { liveAttempt, lossOf, savedBy, type StudyState, type TrialRecord } from './state.ts';

/**
 * The study goes on under another file. A changed ladder is rebuilt from what the trials reached,
 * and a changed space adopts their params: O(n log n), rare.
 */
export function evolveSpec(state: StudyState, spec: StudySpec, changed: string[]): void {
  if (['space', 'constraints', 'sampler'].some((key) => changed.includes(key))) {
    state.exhausted = false;
  }
  if (changed.includes('engine') && state.run !== undefined) {
    state.run.slots = state.run.limit = state.lastSlots = spec.engine.slots;
  }
  const before = state.scheduler?.rungs ?? [];
  const scheduler = createScheduler(spec.scheduler, spec.fidelity);
  const others = hasOtherSteps(state.spec, spec);
  if (others) for (const trial of state.trials) forgetSteps(state.spec!, spec, trial);
  state.spec = spec;
  if (scheduler.rungs.join() !== before.join()) {
    for (const trial of state.trials) {
      trial.passed = trial.discarded ? [] : moved(spec, trial, before, scheduler);
      trial.stoppedRung = undefined;
    }
    state.reachedAt = scheduler.rungs.map(
      (_, rung) => state.trials.filter(({ passed }) => !Number.isNaN(passed[rung] ?? NaN)).length,
    );
    state.stoppedAt = [];
  }
  derive(state);
  if (changed.includes('space')) adoptTrials(state);
  if (changed.includes('fidelity')) state.saved = savedByStops(state, spec);
}

/** Steps so far were numbers of reports, or of something else: none is a step of the new fidelity. */
function hasOtherSteps(before: StudySpec | undefined, { fidelity }: StudySpec): boolean {
  return fidelity !== undefined && before?.fidelity?.metric !== fidelity.metric;
}

/**
 * One that completed ran to its end, so it is a full evaluation by any measure. What any other
 * reached is not known in the new steps; one that will run again begins to count anew.
 */
function forgetSteps(before: StudySpec, { fidelity }: StudySpec, trial: TrialRecord): void {
  if (liveAttempt(trial) !== undefined) return;
  const full = trial.state === 'completed' && !isCutShort(before, trial);
  const again = trial.state === 'queued' || trial.state === 'paused';
  trial.passed = [];
  trial.recent = [];
  trial.stoppedRung = undefined;
  trial.step = undefined;
  if (again) trial.value = undefined;
  if (full) trial.step = fidelity!.max;
}

/**
 * What ran stays in the history as it was; a parameter that was added has its default everywhere,
 * so that a trial which runs again, and the incumbent, have all that the command asks for.
 */
function adoptTrials(state: StudyState): void {
  state.spaceChanged = true;
  for (const trial of state.trials) {
    const { params, outside } = state.adopt!(trial.params);
    trial.params = params;
    delete trial.outside;
    if (outside.length > 0) trial.outside = outside;
  }
}

function savedByStops(state: StudyState, { fidelity }: StudySpec): number {
  if (fidelity === undefined) return 0;
  return state.trials
    .filter((trial) => trial.state === 'stopped')
    .reduce((sum, trial) => sum + savedBy(fidelity, trial), 0);
}

/**
 * A trial's losses at the rungs of another ladder: those of shared rungs, else what the kept
 * reports tell.
 */
function moved(
  spec: StudySpec,
  trial: TrialRecord,
  before: readonly number[],
  scheduler: Scheduler,
): number[] {
  const known = new Map(before.map((fidelity, rung) => [fidelity, trial.passed[rung] ?? NaN]));
  const recent = recentReports(trial);
  // Where the first reports are no longer kept, the first report past a low rung is not among the
  // rest.
  const complete = recent.length === 2 * trial.reports;
  const broken = violationOf(spec, trial.metrics) > 0;
  const passed: number[] = [];
  for (let i = 0; i < recent.length; i += 2) {
    const rung = scheduler.due(passed.length, recent[i]!);
    if (rung === undefined) continue;
    const seen = complete || scheduler.rungs[rung]! >= recent[0]!;
    while (passed.length < rung) passed.push(known.get(scheduler.rungs[passed.length]!) ?? NaN);
    const loss = known.get(scheduler.rungs[rung]!) ?? NaN;
    const reported = broken ? Infinity : lossOf(spec, recent[i + 1]!);
    passed.push(Number.isNaN(loss) && seen ? reported : loss);
  }
  return passed;
}
