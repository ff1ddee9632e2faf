import {
  databaseOption,
  jsonOption,
  onOptions,
  placeOptions,
  studyText,
  type Page,
} from './page.ts';

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
      'A study that was paused goes on: to run it is to want that. A file that was changed counts ' +
        'from now on; while the study runs, "fleetune study edit" hands the change over.',
      'With --on a coordinator elsewhere ("fleetune serve") runs the study on its workers, and this ' +
        'command shows the same progress and result. Ctrl-C then only ends the watching: the study ' +
        'goes on there, "fleetune study stop" ends it, and the same line watches it again. The ' +
        'name of a study that runs there is enough to watch it.',
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
      ...onOptions,
      ['--json', 'print every event as a line of JSON, and the result as the last line'],
    ],
    example: [
      'fleetune run study.yaml --slots 4 --time 30m',
      'fleetune run --param lr=log:1e-5..1e-1 --param act=relu,gelu --maximize accuracy \\',
      '    -- python train.py --lr {lr} --act {act}',
      'fleetune run study.yaml --on http://head:7077 --token-file fleetune.token',
    ],
    exitCodes: [
      [0, 'ended by budget or target, with an incumbent'],
      [1, 'ended without an incumbent'],
      [4, 'the first three attempts crashed (see --keep-going)'],
      [130, 'drained by the user; with --on also: no longer watched, and it goes on'],
    ],
    takesRest: true,
    load: async () => (await import('../commands/run.ts')).run,
  },
  {
    name: 'serve',
    operands: '',
    summary: 'run a coordinator: many studies, workers on many machines',
    text: [
      'Owns a database and runs the studies that "fleetune submit" hands over, on the workers that ' +
        'join with "fleetune worker". Both lines are printed, ready to be copied. Goes on with ' +
        'every study that was running when it ended, however it ended.',
      'Everyone needs a token, which is made at the first start and lies in a file beside the ' +
        'database (fleetune.token beside fleetune.db), readable for its owner alone. Who has the ' +
        'token can run programs on the workers: hand it on like a password. A file with several ' +
        'tokens, one on each line, gives each user one; a time of expiry may follow behind a blank.',
      'By default only this machine is let in; --host 0.0.0.0 listens to every network. Use TLS ' +
        'where the network is not your own.',
      'SIGTERM or Ctrl-C ends it in order: the runs stay open for the next start, and the workers ' +
        'go on with their trials and wait. A second signal ends it at once; that loses nothing ' +
        'either.',
    ],
    options: [
      databaseOption,
      ['--host <HOST>', 'address to listen on; default: 127.0.0.1, this machine alone'],
      ['--port <PORT>', 'port to listen on, 0 for any free one; default: 7077'],
      ['--token-file <FILE>', 'file with the tokens; made when absent'],
      ['--tls-cert <FILE>', 'certificate (PEM) for https'],
      ['--tls-key <FILE>', 'its private key (PEM)'],
      ['--json', 'print one JSON object per line of log'],
    ],
    example: ['fleetune serve --host 0.0.0.0', 'fleetune serve --db /srv/tuning/fleetune.db'],
    exitCodes: [
      [0, 'ended in order'],
      [1, 'ended at once, by a second signal'],
    ],
    load: async () => (await import('../commands/serve.ts')).serve,
  },
  {
    name: 'submit',
    operands: '[STUDY]',
    summary: 'hand a study to a coordinator elsewhere, and return',
    text: [
      'The coordinator at --on ("fleetune serve") takes the study and runs it on its workers; this ' +
        'command returns as soon as it is on its disk, and prints how to follow it. Of a study that ' +
        'it has already, what changed in the file counts from then on: budget, slots, space. The ' +
        'program has to be on the workers: its command runs in the folder of the study file there, ' +
        'or in the folder that a worker was given with --cwd.',
      'STUDY is the path of a study file. Without it the study is made of --param, as for ' +
        '"fleetune run".',
    ],
    options: [
      ['--slots <N>', 'at most so many trials at the same time; default: what workers offer'],
      ['--trials <N>', 'budget: trials in total, earlier runs included'],
      ['--time <DURATION>', 'budget: running time in total, such as 90s, 30m or 1h30m'],
      ['--seed <N>', 'seed of the random numbers'],
      ['--param <DOMAIN>', 'a parameter of a study without a file; repeat it for each'],
      ['--maximize <METRIC>', 'the objective of a study without a file'],
      ['--minimize <METRIC>', 'the objective of a study without a file'],
      ['--keep-going', 'go on even when the first three attempts all crash'],
      ...onOptions,
      jsonOption,
    ],
    example: ['fleetune submit study.yaml --on http://head:7077 --token-file token'],
    takesRest: true,
    load: async () => (await import('../commands/submit.ts')).submit,
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
    options: [['--study <STUDY>', 'the same as STUDY'], ...placeOptions, jsonOption],
    example: ['fleetune utilization study.yaml'],
    load: async () => (await import('../commands/utilization.ts')).utilizationOf,
  },
  {
    name: 'simulate',
    operands: 'STUDY',
    summary: 'predict a run on a cluster that you do not have yet',
    text: [
      'Plays the whole study, from its first trial to the end of its budget, on so many workers in ' +
        'virtual time, and prints when it would be done, how busy the slots would be and why they ' +
        'would not, how many trials would reach each rung, and what more or fewer workers would ' +
        'change. Runs nothing and writes nothing.',
      'How long trials take, how they end, how they learn, and what starting a worker and changing ' +
        "trials costs comes from the study's own log, as far as it has run. Without a log say how " +
        'long a whole evaluation takes: --durations lognormal:5m,0.5 means a median of 5 minutes ' +
        'and a standard deviation of 0.5 of the logarithm.',
      studyText,
    ],
    options: [
      [
        '--workers <N>',
        'workers of the cluster; predicted for a quarter to four times as many, too',
      ],
      ['--slots <N>', 'trials at the same time on each worker; default: 1'],
      ['--durations <HOW>', 'measured (of the log), or lognormal:MEDIAN,SIGMA; default: measured'],
      [
        '--failures <RATE>',
        'how many of the workers die, such as 1%/h; each is back after a minute',
      ],
      ['--price <PRICE>', 'of one slot-hour, such as 2.5/h: adds the cost'],
      ['--trials <N>', 'budget: trials in total, in place of the study file'],
      ['--time <DURATION>', 'budget: running time in total, such as 90s, 30m or 1h30m'],
      ['--seed <N>', "seed of the simulation; default: the study's own, else 0"],
      databaseOption,
      jsonOption,
    ],
    example: [
      'fleetune simulate study.yaml --workers 500',
      'fleetune simulate study.yaml --workers 64 --slots 8 --durations lognormal:20m,0.6 \\',
      '    --failures 1%/h --price 2.5/h',
    ],
    load: async () => (await import('../commands/simulate.ts')).simulate,
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
