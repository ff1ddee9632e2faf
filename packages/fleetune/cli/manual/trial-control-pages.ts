import type { TrialAction } from '../commands/control.ts';
import { jsonOption, placeOptions, reasonOption, studyText, type Page } from './page.ts';

const options = [reasonOption, ...placeOptions, jsonOption] as const;

const page = (
  action: TrialAction,
  summary: string,
  text: readonly string[],
  example: string,
): Page => ({
  name: `trial ${action}`,
  operands: 'STUDY TRIAL',
  summary,
  text: [...text, studyText],
  options,
  example: [example],
  load: async () => (await import('../commands/control.ts')).controlTrial(action),
});

/** What can be asked of a trial. */
export const trialControlPages: readonly Page[] = [
  page(
    'checkpoint',
    'ask a running trial to write a checkpoint now',
    [
      'It goes on. Its program hears of it if it looks: fleetune.checkpoint_wanted() of the ' +
        'Python client, or a file that appears at $FLEETUNE_CHECKPOINT_REQUEST.',
    ],
    'fleetune trial checkpoint study.yaml 17 --reason "the rack will be moved"',
  ),
  page(
    'stop',
    'end a trial; it keeps its value so far',
    ['A running trial is told to stop, and counts with the last value that it reported.'],
    'fleetune trial stop study.yaml 17',
  ),
  page(
    'cancel',
    'end a trial and forget it',
    [
      'A running trial is told to stop, a waiting one leaves the queue. It counts for nothing: ' +
        'neither for the sampler nor for the budget.',
    ],
    'fleetune trial cancel study.yaml 17 --reason "wrong data"',
  ),
  page(
    'pause',
    'set a trial aside until "trial resume"',
    [
      'A running trial is told to stop and keeps its checkpoint; its slot takes the next one. ' +
        'A waiting one is passed over.',
    ],
    'fleetune trial pause study.yaml 17',
  ),
  page(
    'resume',
    'bring a paused trial back',
    ['It goes to the front of the queue, and goes on from its checkpoint if it has one.'],
    'fleetune trial resume study.yaml 17',
  ),
  page(
    'drain',
    'move a running trial to another slot',
    [
      'It is told to stop, keeps its checkpoint, and goes back to the front of the queue: the ' +
        'next free slot takes it. That uses up none of its retries.',
    ],
    'fleetune trial drain study.yaml 17',
  ),
  page(
    'retry',
    'try a failed, stopped or infeasible trial again',
    ['It goes back to the queue, with all its retries.'],
    'fleetune trial retry study.yaml 17 --reason "the node is repaired"',
  ),
  page(
    'discard',
    'forget the result of a trial that has ended',
    [
      'It counts for nothing from now on: not for the incumbent, not for the sampler, and its ' +
        'place in the budget is free again. The log keeps what happened.',
    ],
    'fleetune trial discard study.yaml 17 --reason "the labels were shuffled"',
  ),
  {
    name: 'trial correct',
    operands: 'STUDY TRIAL VALUE',
    summary: 'give a trial that has ended another value',
    text: [
      'The objective was measured wrong: from now on the trial counts with VALUE, in the ' +
        "objective's own direction, for the incumbent and for the sampler. The log keeps both.",
      studyText,
    ],
    options,
    example: ['fleetune trial correct study.yaml 17 0.91 --reason "scored on the test set"'],
    load: async () => (await import('../commands/control.ts')).correctTrial,
  },
];
