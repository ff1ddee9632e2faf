import { outcomePattern } from './outcome-constraint.ts';
import { parameterSchema } from './parameter-schema.ts';
import { programSchema } from './program-schema.ts';
import { metricName, objectOf, type Schema } from './schema.ts';
import { searchSchema } from './search-schema.ts';

/** Letters, digits, underscore and points, for placeholders and constraints; words of the language are refused later. */
const parameterName = '^(?!__proto__$)[A-Za-z_][A-Za-z0-9_.]{0,99}$';

const oneObjective: Schema = objectOf(
  {
    metric: { description: 'Its name in the reports.', ...metricName },
    direction: {
      description: 'Which is better.',
      type: 'string',
      enum: ['minimize', 'maximize'],
    },
  },
  ['metric', 'direction'],
);

const goal: Record<string, Schema> = {
  objective: {
    title: 'Objective',
    description: 'The metric to make as small or as large as possible.',
    examples: [{ metric: 'val_accuracy', direction: 'maximize' }],
    ...oneObjective,
  },
  objectives: {
    title: 'Several objectives',
    description:
      'Instead of `objective`: the result is the Pareto front, the trials that no other one beats in every objective.',
    examples: [
      [
        { metric: 'val_accuracy', direction: 'maximize' },
        { metric: 'latency_ms', direction: 'minimize' },
      ],
    ],
    type: 'array',
    minItems: 2,
    items: oneObjective,
  },
  outcomeConstraints: {
    title: 'Outcome constraints',
    description:
      'Bounds on reported metrics. A trial that breaks one is infeasible: it never leads, and the search keeps away ' +
      'from its like.',
    default: [],
    examples: [['latency_ms <= 20', 'memory_gb <= 8']],
    type: 'array',
    items: {
      type: 'string',
      pattern: outcomePattern,
      patternErrorMessage: 'a metric, <= or >=, and a number, such as "latency_ms <= 20"',
    },
  },
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
    items: {
      type: 'string',
      pattern: '^.{1,1000}$',
      patternErrorMessage: 'one line of at most 1000 characters',
    },
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
      description: 'Identity of the study in its database. Default: the name of the file.',
      examples: ['digits-mlp'],
      type: 'string',
      pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$',
      patternErrorMessage: 'up to 100 letters, digits, ".", "_" and "-"',
    },
    ...goal,
    ...searchSchema,
    ...programSchema,
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
  required: ['space'],
  additionalProperties: false,
};
