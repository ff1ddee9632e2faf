import type { StudyAction } from '../commands/control.ts';
import { jsonOption, placeOptions, reasonOption, studyText, type Page } from './page.ts';

const options = [reasonOption, ...placeOptions, jsonOption] as const;

const page = (
  action: StudyAction,
  summary: string,
  text: readonly string[],
  example: readonly string[],
): Page => ({
  name: `study ${action}`,
  operands: 'STUDY',
  summary,
  text: [...text, studyText],
  options,
  example,
  load: async () => (await import('../commands/control.ts')).controlStudy(action),
});

/** What can be asked of a study while it runs. */
export const studyControlPages: readonly Page[] = [
  {
    name: 'study edit',
    operands: 'STUDY',
    summary: 'take up what changed in the study file',
    text: [
      'Edit the study file, then run this, also while the study runs: budget, slots, limits, retries, command and space count ' +
        'from then on, and every value that changed is printed. The space may become wider or ' +
        'narrower, get new choices, and a new parameter with a default for the trials so far. The ' +
        'objective stays. Changes are kept in the log; nothing is started or ended by them.',
      'STUDY is the path of the study file.',
    ],
    options: [
      ['--trials <N>', 'budget: trials in total, instead of what the file says'],
      ['--time <DURATION>', 'budget: running time in total, instead of what the file says'],
      ['--seed <N>', 'seed of the random numbers'],
      ...placeOptions,
      jsonOption,
    ],
    example: ['fleetune study edit study.yaml', 'fleetune study edit study.yaml --trials 400'],
    load: async () => (await import('../commands/study-edit.ts')).studyEdit,
  },
  page(
    'pause',
    'start nothing new; running trials go on',
    [
      'The slots empty themselves as their trials end, and the time budget stands still meanwhile. ' +
        'The pause is kept in the log: it lasts over restarts, until "study resume", or until ' +
        '"fleetune run" is asked to run the study again.',
    ],
    ['fleetune study pause study.yaml --reason "the disk is nearly full"'],
  ),
  page(
    'resume',
    'end a pause',
    ['Free slots take up the next trials at once. Nothing happens when the study is not paused.'],
    ['fleetune study resume digits-mlp --on http://head:7077'],
  ),
  page(
    'drain',
    'end its run; running trials go back to the queue',
    [
      'Running trials are told to stop, keep what they have in their checkpoint folder, and go back ' +
        'to the front of the queue; then the run ends. It is what Ctrl-C does to "fleetune run". ' +
        '"fleetune run" or "fleetune submit" goes on from there.',
    ],
    ['fleetune study drain study.yaml'],
  ),
  page(
    'stop',
    'end its run; running trials keep their value so far',
    [
      'Running trials are told to stop and end with the value they have; then the run ends. ' +
        '"fleetune run" or "fleetune submit" goes on with the study later.',
    ],
    ['fleetune study stop study.yaml', 'fleetune study stop digits-mlp --on http://head:7077'],
  ),
];
