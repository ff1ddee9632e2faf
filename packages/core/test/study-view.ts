import { studyStatus, toWire, type StudyState } from '../index.ts';

/**
 * What people see of a study, apart from how the state holds it: this must not change for an old
 * log.
 */
export function studyView(state: StudyState) {
  const trials = state.trials.map((trial) => ({
    number: trial.number,
    state: trial.state,
    params: trial.params,
    sampler: trial.sampler,
    reason: trial.reason,
    attempts: trial.attempts.map(({ worker, end }) => ({ worker, end })),
    reports: trial.reports,
    passed: trial.passed.map(toWire),
    ...(trial.value !== undefined && { value: toWire(trial.value), step: trial.step }),
    warnings: trial.warnings.map(({ code }) => code),
  }));
  return JSON.parse(JSON.stringify({ status: studyStatus(state, state.lastAt), trials }));
}
