import { jsonOption, placeOptions, studyText, type Page } from './page.ts';

export const trialPages: readonly Page[] = [
  {
    name: 'trial list',
    operands: 'STUDY',
    summary: 'the trials of a study',
    text: ['Prints one line per trial.', studyText],
    options: [
      ['--state <STATE>', 'only trials in this state, such as completed, stopped or failed'],
      ['--best <N>', 'only the best N, the best first'],
      ...placeOptions,
      jsonOption,
    ],
    example: ['fleetune trial list study.yaml --state failed'],
    load: async () => (await import('../commands/trial-list.ts')).trialList,
  },
  {
    name: 'trial show',
    operands: 'STUDY TRIAL',
    summary: 'one trial: params, values, reasons, attempts, last output',
    text: [
      'Prints everything that is stored about one trial. Its history says what was decided about ' +
        'it and why: the suggestion, each start, rung, stop, pause, retry and end, each with a ' +
        'code for programs in brackets and a sentence for people.',
      studyText,
    ],
    options: [...placeOptions, jsonOption],
    example: ['fleetune trial show study.yaml 17'],
    load: async () => (await import('../commands/trial-show.ts')).trialShow,
  },
  {
    name: 'trial logs',
    operands: 'STUDY TRIAL',
    summary: 'the output of a trial',
    text: [
      'Prints what the program wrote to its standard output and standard error. Of very long logs ' +
        'the beginning and the latest part are kept.',
      'Logs are files where the trial ran: beside the database, or in the folder that its worker was ' +
        'given with --files. Name that folder here as well when it is not beside the database; it ' +
        'has to be reachable from this machine.',
      studyText,
    ],
    options: [
      ['--attempt <N>', 'the output of this attempt; default: the last one'],
      ['--files <DIR>', "the folder of the worker's trial files"],
      ...placeOptions,
    ],
    example: ['fleetune trial logs study.yaml 17'],
    load: async () => (await import('../commands/trial-logs.ts')).trialLogs,
  },
  {
    name: 'trial enqueue',
    operands: 'STUDY PARAM...',
    summary: 'add a trial with params of your own',
    text: [
      'Puts a trial with the given params into the queue, before anything the sampler proposes. ' +
        'Every active parameter needs a value, as NAME=VALUE. Works while the study runs.',
      studyText,
    ],
    options: [...placeOptions, jsonOption],
    example: ['fleetune trial enqueue study.yaml lr=0.001 units=128 solver=adam'],
    load: async () => (await import('../commands/trial-enqueue.ts')).trialEnqueue,
  },
];
