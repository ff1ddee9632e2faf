import { describe, expect, it } from 'vitest';
import { incumbentOf } from '../analysis/incumbent.ts';
import { studyStatus } from '../analysis/study-status.ts';
import type { StudySpec } from '../index.ts';
import { bench, type Bench } from '../test/one-slot.ts';
import { specWith, withoutFidelity } from '../test/study-driver.ts';

const epochs = {
  fidelity: { metric: 'epoch', min: 1, max: 9 },
  scheduler: { type: 'asha', eta: 3 },
} as const satisfies Partial<StudySpec>;
const reason = { code: 'user', text: 'tea' };

function edit(study: Bench, over: Partial<StudySpec>): void {
  const refused = study.send({ kind: 'change-spec', spec: { ...study.state.spec!, ...over } });
  expect(refused).toBeUndefined();
}

/** Three trials that reported three values each: completed, stopped by a person, and drained. */
function threeTrials(spec: StudySpec): Bench {
  const study = bench(spec);
  for (const last of [3, 2, 1]) study.report(study.start(), [9, 9, last]);
  study.end(0, 'completed');
  study.send({ kind: 'stop-trial', trial: 1, as: 'stopped', reason });
  study.end(1, 'stopped');
  study.send({ kind: 'drain-trial', trial: 2, reason });
  study.end(2, 'preempted');
  return study;
}

describe('a fidelity that is added to a study with trials', () => {
  it('takes what completed as a full evaluation, and numbers of reports for no steps', () => {
    const study = threeTrials(withoutFidelity());
    edit(study, epochs);
    expect(incumbentOf(study.state)).toMatchObject({ trial: 0, value: 3, step: 9 });
    const { rungs } = studyStatus(study.state, study.now);
    expect(rungs.map(({ reached }) => reached)).toEqual([0, 0, 0]);
    expect(study.state.trials.map(({ value, step }) => [value, step])).toEqual([
      [3, 9],
      [2, undefined],
      [undefined, undefined],
    ]);
  });

  it('compares new trials at the rungs with each other alone', () => {
    const study = threeTrials(withoutFidelity());
    edit(study, epochs);
    study.fresh();
    // The drained one runs again, from its first epoch.
    expect(study.start()).toBe(2);
    study.report(2, [50, 49, 48], [1, 2, 3]);
    expect(study.fresh()).toEqual([
      ...['2 attempt-started', 'reports', '2 rung 0 continue', '2 rung 1 continue'],
    ]);
    expect(study.state.trials[2]).toMatchObject({ value: 48, step: 3 });
    study.report(2, [2, 2, 2, 2, 2, 2.5], [4, 5, 6, 7, 8, 9]);
    study.end(2, 'completed');
    expect(incumbentOf(study.state)).toMatchObject({ trial: 2, value: 2.5, step: 9 });
  });
});

it('steps in another unit are no steps of the new one; those of the same are kept', () => {
  const study = bench(specWith(epochs));
  study.report(study.start(), [4, 4, 4, 4, 4, 4, 4, 4, 1], [1, 2, 3, 4, 5, 6, 7, 8, 9]);
  study.end(0, 'completed');
  edit(study, { fidelity: { metric: 'epoch', min: 1, max: 27 } });
  expect(incumbentOf(study.state)).toMatchObject({ trial: 0, value: 1, step: 9 });
  edit(study, { fidelity: { metric: 'samples', min: 100, max: 900 } });
  expect(study.state.trials[0]!.step).toBeUndefined();
  const { rungs } = studyStatus(study.state, study.now);
  expect(rungs.every(({ reached }) => reached === 0)).toBe(true);
});
