import { durationPattern } from './duration.ts';
import { parameterSchema } from './parameter-schema.ts';
import type { Schema } from './schema.ts';

const duration = (description: string, example: string): Schema => ({
  description,
  examples: [example],
  type: 'string',
  pattern: durationPattern,
  patternErrorMessage: 'a duration such as 90s, 30m or 1h30m',
});

/** Not empty, and short enough for every table and wire. */
const word = '^[^\\n]{1,200}$';

const metricName: Schema = {
  type: 'string',
  pattern: word,
  patternErrorMessage: 'a name of 1 to 200 characters',
};

const argument: Schema = { title: 'a text', type: ['string', 'number', 'boolean'] };

const objectOf = (properties: Record<string, Schema>, required: string[] = []): Schema => ({
  type: 'object',
  properties,
  ...(required.length > 0 && { required }),
  additionalProperties: false,
});

const named = (type: string, title: string, properties: Record<string, Schema> = {}): Schema => ({
  title,
  ...objectOf({ type: { type: 'string', enum: [type] }, ...properties }, ['type']),
});

const laterSamplers = ['sobol', 'gp', 'trust-region', 'cma-es', 'nsga'];
const laterSchedulers = ['median', 'hyperband', 'pbt'];
const laterEngines = ['slurm', 'ray', 'spark', 'kubernetes', 'dask', 'ssh'];

/** Letters, digits, underscore and points, for placeholders and constraints; words of the language are refused later. */
const parameterName = '^(?!__proto__$)[A-Za-z_][A-Za-z0-9_.]{0,99}$';

const sampler: Schema = {
  title: 'Sampler',
  description: 'How params are chosen: a name, or an object with its settings.',
  default: 'auto',
  examples: ['tpe', { type: 'tpe', startup: 10 }, { type: 'grid', counts: { lr: 5 } }],
  oneOf: [
    {
      title: 'a name',
      type: 'string',
      enum: ['auto', 'random', 'grid', 'tpe'],
      notYet: laterSamplers,
    },
    named('auto', 'Ten random trials, then tpe.'),
    named('random', 'Uniform on the (transformed) ranges.'),
    named('grid', 'Every combination once.', {
      counts: {
        description:
          'How many values of a float or int to take; needed for a float without a step.',
        type: 'object',
        additionalProperties: { type: 'integer', minimum: 1 },
      },
    }),
    named('tpe', 'Multivariate tree-structured Parzen estimator.', {
      startup: {
        description: 'Random trials before the model.',
        type: 'integer',
        minimum: 1,
        default: 10,
      },
      candidates: {
        description: 'Points among which the model chooses.',
        type: 'integer',
        minimum: 1,
        default: 24,
      },
    }),
  ],
};

const scheduler: Schema = {
  title: 'Scheduler',
  description:
    'How far each trial goes. Default: asha with a fidelity, else fifo (every trial to its end).',
  examples: ['asha', { type: 'asha', eta: 4 }],
  oneOf: [
    { title: 'a name', type: 'string', enum: ['fifo', 'asha'], notYet: laterSchedulers },
    named('fifo', 'Every trial runs to its end.'),
    named('asha', 'Trials below the best 1/eta at a rung are stopped.', {
      eta: {
        description: 'Ratio of neighbouring rungs, and of trials that reach them.',
        type: 'number',
        minimum: 2,
        default: 3,
      },
    }),
  ],
};

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

const program: Record<string, Schema> = {
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
      'inactive. Write {{name}} for {name} itself.',
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
  function: { description: 'A function instead of a command.', not: {}, notYet: 'functions' },
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

const retries: Schema = {
  title: 'Retries',
  description:
    'How often a trial whose program crashed is tried again; lost and preempted attempts never count.',
  default: 2,
  examples: [2, { crashed: 0 }],
  oneOf: [
    { title: 'a whole number', type: 'integer', minimum: 0 },
    {
      title: 'an object',
      ...objectOf({
        crashed: { description: 'After a crash.', type: 'integer', minimum: 0, default: 2 },
      }),
    },
  ],
};

const place: Record<string, Schema> = {
  resources: {
    title: 'Resources of one trial',
    description: 'What one slot has.',
    default: { cpus: 1, gpus: 0 },
    examples: [{ cpus: 2, gpus: 1, memory: '4GiB' }],
    ...objectOf({
      cpus: { description: 'Processor cores.', type: 'number', exclusiveMinimum: 0, default: 1 },
      gpus: { description: 'Graphics processors; 0.5 is half of one.', type: 'number', minimum: 0 },
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
};

const budget: Schema = {
  title: 'Budget',
  description: 'When the study ends: whichever comes first. Without trials and time: 100 trials.',
  default: { trials: 100 },
  examples: [{ trials: 200, time: '30m', target: 0.995 }],
  ...objectOf({
    trials: { description: 'Trials in total.', type: 'integer', minimum: 1 },
    time: duration('Running time, summed over runs.', '30m'),
    target: {
      description:
        'End when a trial at full fidelity is this good, in the direction of the objective.',
      type: 'number',
    },
  }),
};

const goal: Record<string, Schema> = {
  objective: {
    title: 'Objective',
    description: 'The metric to make as small or as large as possible.',
    examples: [{ metric: 'val_accuracy', direction: 'maximize' }],
    ...objectOf(
      {
        metric: { description: 'Its name in the reports.', ...metricName },
        direction: {
          description: 'Which is better.',
          type: 'string',
          enum: ['minimize', 'maximize'],
        },
      },
      ['metric', 'direction'],
    ),
  },
  objectives: { description: 'Several objectives.', not: {}, notYet: 'several objectives' },
  space: {
    title: 'Search space',
    description: 'The parameters, by name, in the order in which people see them.',
    examples: [{ lr: { type: 'float', low: 1e-5, high: 0.1, log: true } }],
    type: 'object',
    minProperties: 1,
    propertyNames: {
      pattern: parameterName,
      patternErrorMessage: 'a name of letters, digits, _ and . that begins with a letter or _',
    },
    additionalProperties: parameterSchema,
  },
  constraints: {
    title: 'Constraints',
    description:
      'Comparisons that all params satisfy: numbers, parameters, + - * / % **, abs min max log exp sqrt floor ceil, ' +
      'and or not; choices in quotes. One that names an inactive parameter holds.',
    default: [],
    examples: [['units <= 4096 * lr + 256', "solver != 'sgd' or lr < 0.01"]],
    type: 'array',
    items: { type: 'string' },
  },
  fidelity: {
    title: 'Fidelity',
    description:
      'How much of a full evaluation a report stands for. Absent: every trial runs to its end.',
    examples: [{ metric: 'epoch', min: 1, max: 27 }],
    ...objectOf(
      {
        metric: { description: 'The key of the step in reports.', ...metricName },
        min: {
          description: 'The lowest step at which trials are compared.',
          type: 'number',
          exclusiveMinimum: 0,
          default: 1,
        },
        max: { description: 'The step of a full evaluation.', type: 'number', exclusiveMinimum: 0 },
      },
      ['metric', 'max'],
    ),
  },
};

/** The contract of every interface: what readStudy checks, editors complete and docs/study-file.md is generated from. */
export const studyFileSchema: Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Fleetune study file',
  type: 'object',
  properties: {
    name: {
      title: 'Name',
      description: 'Identity of the study in its database. Default: the name of the folder.',
      examples: ['digits-mlp'],
      type: 'string',
      pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$',
      patternErrorMessage: 'up to 100 letters, digits, ".", "_" and "-"',
    },
    ...goal,
    sampler,
    scheduler,
    budget,
    ...program,
    ...place,
    seed: {
      title: 'Seed',
      description:
        'The same seed and the same order of events give the same suggestions. Default: a new one.',
      examples: [7],
      type: 'integer',
      minimum: 0,
      maximum: 4_294_967_295,
    },
    reproducible: {
      title: 'Reproducible',
      description: 'Each suggestion waits for all results so far, instead of being made ahead.',
      default: false,
      type: 'boolean',
    },
  },
  required: ['objective', 'space'],
  additionalProperties: false,
};
