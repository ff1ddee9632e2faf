// The user's program and what it may use.

import { duration, metricName, named, objectOf, word, type Schema } from './schema.ts';

const laterEngines = ['slurm', 'ray', 'spark', 'kubernetes', 'dask', 'ssh'];

const argument: Schema = { title: 'a text', type: ['string', 'number', 'boolean'] };

const metrics: Schema = {
  title: 'Where metrics come from',
  description:
    'JSON lines on stdout, regular expressions over the output, or JSON lines in a file.',
  default: 'stdout-json',
  examples: [
    'stdout-json',
    { regex: { val_accuracy: 'acc=([0-9.]+)' } },
    { file: 'metrics.jsonl' },
  ],
  oneOf: [
    { title: 'a name', type: 'string', enum: ['stdout-json'] },
    {
      title: 'regex',
      ...objectOf(
        {
          regex: {
            description: 'One expression per metric; its first group is the number.',
            type: 'object',
            minProperties: 1,
            propertyNames: metricName,
            additionalProperties: { type: 'string' },
          },
        },
        ['regex'],
      ),
    },
    {
      title: 'file',
      ...objectOf(
        {
          file: {
            description:
              'Path of a file that the program appends to, from the folder of the trial.',
            type: 'string',
            pattern: word,
            patternErrorMessage: 'the path of a file',
          },
        },
        ['file'],
      ),
    },
  ],
};

const env: Schema = {
  title: 'Environment',
  description:
    'Variables of the program, as they are, or taken from a file or our own environment.',
  default: {},
  examples: [{ OMP_NUM_THREADS: '1', TOKEN: { from: 'env' } }],
  type: 'object',
  propertyNames: {
    pattern: '^[A-Za-z_][A-Za-z0-9_]*$',
    patternErrorMessage: 'a name of letters, digits and _',
  },
  additionalProperties: {
    oneOf: [
      { title: 'a text', type: ['string', 'number', 'boolean'] },
      {
        title: 'a source',
        ...objectOf(
          {
            from: { description: 'Where the value is.', type: 'string', enum: ['file', 'env'] },
            name: {
              description: 'The file, or the variable (default: the same name).',
              type: 'string',
              pattern: word,
              patternErrorMessage: 'a name or a path',
            },
          },
          ['from'],
        ),
      },
    ],
  },
};

const limits: Schema = {
  title: 'Limits of one trial',
  description: 'Without them a trial may run, and be silent, for ever.',
  default: {},
  examples: [{ trial: '10m', silence: '2m' }],
  ...objectOf({
    trial: duration('The longest time of one attempt.', '10m'),
    silence: duration('The longest time without any output.', '2m'),
    grace: {
      ...duration('Between the polite signal to stop and the kill.', '10s'),
      default: '10s',
    },
  }),
};

const retriesAfter = (description: string, fallback: number): Schema => ({
  description,
  type: 'integer',
  minimum: 0,
  default: fallback,
});

const retries: Schema = {
  title: 'Retries',
  description:
    'How often a trial is tried again; a number means crashes. Lost and preempted attempts are always repeated and never ' +
    'count; a trial that ran out of memory is repeated once, on a worker for itself.',
  default: 2,
  examples: [2, { crashed: 0, 'timed-out': 1 }],
  oneOf: [
    { title: 'a whole number', type: 'integer', minimum: 0 },
    {
      title: 'an object',
      ...objectOf({
        crashed: retriesAfter('After a crash.', 2),
        'timed-out': retriesAfter('After a limit of time; then the value so far counts.', 0),
        'invalid-metric': retriesAfter('After a value that is not a number.', 0),
      }),
    },
  ],
};

const invalidMetric: Schema = {
  title: 'Invalid metric',
  description:
    'What a trial is whose objective is NaN or infinitely good: failed, infeasible, or completed with the worst value.',
  default: 'fail',
  examples: ['infeasible'],
  type: 'string',
  enum: ['fail', 'infeasible', 'worst'],
};

export const programSchema: Record<string, Schema> = {
  setup: {
    title: 'Set-up',
    description: 'Commands that run once, in order, before the first trial.',
    default: [],
    examples: [[['python3', '-m', 'venv', '.venv']]],
    type: 'array',
    items: { type: 'array', items: argument, minItems: 1 },
  },
  command: {
    title: 'Command',
    description:
      'The program of one trial: a list of arguments (no shell), or one text for the shell. {name} becomes the value of a ' +
      'parameter, {params} all active ones as --name value; a list inside the list is left out when a parameter in it is ' +
      'inactive. Values print as 0.001, 64, adam, true, null. Write {{name}} for {name} itself.',
    examples: [['python3', 'train.py', '--lr', '{lr}', ['--momentum', '{momentum}']]],
    oneOf: [
      { title: 'a text', type: 'string' },
      {
        title: 'a list',
        type: 'array',
        minItems: 1,
        items: {
          oneOf: [argument, { title: 'a list', type: 'array', items: argument, minItems: 1 }],
        },
      },
    ],
  },
  function: {
    description: 'A function instead of a command.',
    not: {},
    notYet: 'a function as the program',
  },
  metrics,
  keep: {
    title: 'Further metrics',
    description: 'Metrics to keep beside the objective. Those with a regex are kept anyway.',
    default: [],
    examples: [['train_loss']],
    type: 'array',
    items: metricName,
    uniqueItems: true,
  },
  env,
  resources: {
    title: 'Resources of one trial',
    description: 'What one slot has.',
    default: { cpus: 1, gpus: 0 },
    examples: [{ cpus: 2, gpus: 1, memory: '4GiB' }],
    ...objectOf({
      cpus: { description: 'Processor cores.', type: 'number', exclusiveMinimum: 0, default: 1 },
      gpus: {
        description: 'Graphics processors; 0.5 is half of one.',
        type: 'number',
        minimum: 0,
        default: 0,
      },
      memory: {
        description: 'Main memory.',
        type: 'string',
        pattern: '^[0-9]+(\\.[0-9]+)?(MB|MiB|GB|GiB)$',
        patternErrorMessage: 'a size such as 512MB or 4GiB',
      },
    }),
  },
  engine: {
    title: 'Engine',
    description: 'Where trials run, and how many at a time.',
    default: { type: 'local', slots: 1 },
    examples: [{ type: 'local', slots: 2 }],
    oneOf: [
      { title: 'a name', type: 'string', enum: ['local'], notYet: laterEngines },
      named('local', 'This machine.', {
        slots: {
          description: 'Trials at a time.',
          type: 'integer',
          minimum: 1,
          maximum: 10_000,
          default: 1,
        },
      }),
    ],
  },
  limits,
  retries,
  invalidMetric,
};
