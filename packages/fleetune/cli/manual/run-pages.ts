import { databaseOption, jsonOption, studyText, type Page } from './page.ts';

export const runPages: readonly Page[] = [
  {
    name: 'run',
    operands: '[STUDY]',
    summary: 'tune a program; goes on where an earlier run ended',
    text: [
      'Runs trials of the study until its budget is spent or its target is reached, stops bad ones ' +
        'early, and prints the best params with the command that uses them. Every result is on disk ' +
        'before it counts: run the same line again after an interruption, and the study goes on.',
      studyText +
        ' Without STUDY the study is made of --param, --maximize or --minimize and the command after ' +
        '"--"; its name is printed. A --param is NAME=LOW..HIGH, NAME=log:LOW..HIGH, ' +
        'NAME=int:LOW..HIGH, NAME=logint:LOW..HIGH or NAME=CHOICE,CHOICE; the command takes the ' +
        'value as {NAME}.',
      'In a terminal the progress is one screen that redraws itself, elsewhere it is plain lines. ' +
        'Ctrl-C (or SIGTERM) drains: no new trials start, running ones end politely and go back to ' +
        'the queue. A second Ctrl-C ends everything now.',
    ],
    options: [
      ['--slots <N>', 'trials at the same time; default: engine.slots of the study'],
      ['--trials <N>', 'budget: trials in total, earlier runs included'],
      ['--time <DURATION>', 'budget: running time in total, such as 90s, 30m or 1h30m'],
      ['--seed <N>', 'seed of the random numbers'],
      ['--param <DOMAIN>', 'a parameter of a study without a file; repeat it for each'],
      ['--maximize <METRIC>', 'the objective of a study without a file'],
      ['--minimize <METRIC>', 'the objective of a study without a file'],
      ['--keep-going', 'go on even when the first three attempts all crash'],
      databaseOption,
      ['--json', 'print every event as a line of JSON, and the result as the last line'],
    ],
    example: [
      'fleetune run study.yaml --slots 4 --time 30m',
      'fleetune run --param lr=log:1e-5..1e-1 --param act=relu,gelu --maximize accuracy \\',
      '    -- python train.py --lr {lr} --act {act}',
    ],
    exitCodes: [
      [0, 'ended by budget or target, with an incumbent'],
      [1, 'ended without an incumbent'],
      [4, 'the first three attempts crashed (see --keep-going)'],
      [130, 'drained by the user'],
    ],
    takesRest: true,
    load: async () => (await import('../commands/run.ts')).run,
  },
  {
    name: 'check',
    operands: 'STUDY',
    summary: 'validate a study file and show what it would run',
    text: [
      'Reads the study file and runs nothing: prints the commands of three sample trials, the size ' +
        'of the search space, how many random params satisfy the constraints, and the ladder of ' +
        'fidelities with the number of trials that are expected to reach each rung.',
    ],
    options: [jsonOption],
    example: ['fleetune check study.yaml'],
    load: async () => (await import('../commands/check.ts')).check,
  },
  {
    name: 'utilization',
    operands: '[STUDY]',
    summary: "where the slots' time went, and what would raise it",
    text: [
      'Every second of every slot is busy or in exactly one loss; they sum to the allocation. ' +
        'Prints the split of the study, or of each study of the database, and what would raise it.',
      studyText,
    ],
    options: [databaseOption, jsonOption],
    example: ['fleetune utilization study.yaml'],
    load: async () => (await import('../commands/utilization.ts')).utilizationOf,
  },
  {
    name: 'replay',
    operands: 'STUDY',
    summary: 'fold the event log again and compare it with the stored view',
    text: [
      'Reads every event of the study from the database, folds them into a state again, and says ' +
        'whether that equals what the database shows of the study and of each trial. Then prints ' +
        'the state. Changes nothing.',
      studyText,
    ],
    options: [
      ['--until <EVENT>', 'fold only the events up to this id, and print the state as it was then'],
      databaseOption,
      jsonOption,
    ],
    example: ['fleetune replay study.yaml', 'fleetune replay digits-mlp --until 1200'],
    exitCodes: [[1, 'the stored view differs from the log']],
    load: async () => (await import('../commands/replay.ts')).replayStudy,
  },
];
