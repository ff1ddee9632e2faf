import type { Schema } from './schema.ts';

const paramValue: Schema = { type: ['string', 'number', 'boolean', 'null'] };

const when: Schema = {
  title: 'Condition',
  description:
    'The parameter is active only when each named parameter is active and has the wanted value: one value, ' +
    'one of a list, or a number in a range. Several keys must all hold.',
  examples: [{ solver: 'sgd' }, { solver: ['sgd', 'adam'] }, { layers: { min: 2 } }],
  type: 'object',
  minProperties: 1,
  additionalProperties: {
    oneOf: [
      { title: 'a value', ...paramValue },
      { title: 'a list of values', type: 'array', items: paramValue, minItems: 1 },
      {
        title: 'a range',
        type: 'object',
        properties: { min: { type: 'number' }, max: { type: 'number' } },
        additionalProperties: false,
        minProperties: 1,
      },
    ],
  },
};

const low: Schema = { description: 'The smallest value.', type: 'number' };
const high: Schema = { description: 'The largest value; above low.', type: 'number' };
const log: Schema = {
  description: 'Search on a logarithmic scale; low must be above 0.',
  type: 'boolean',
  default: false,
};
const numberPrior: Schema = {
  description: 'Where good values are expected: a normal distribution (of the logarithm with log).',
  examples: [{ mean: 0.01, sd: 1 }],
  type: 'object',
  properties: {
    mean: { type: 'number', description: 'The likeliest value.' },
    sd: { type: 'number', exclusiveMinimum: 0, description: 'The standard deviation.' },
  },
  required: ['mean', 'sd'],
  additionalProperties: false,
};
const weightPrior: Schema = {
  description: 'How likely each choice is to be good: one weight per choice, in their order.',
  examples: [{ weights: [3, 1] }],
  type: 'object',
  properties: {
    weights: { type: 'array', items: { type: 'number', minimum: 0 }, minItems: 1 },
  },
  required: ['weights'],
  additionalProperties: false,
};

function kind(
  types: string[],
  description: string,
  properties: Record<string, Schema>,
  required: string[],
  example: Record<string, unknown>,
): Schema {
  return {
    title: types.join(' or '),
    description,
    examples: [example],
    type: 'object',
    properties: { type: { type: 'string', enum: types }, ...properties, when },
    required: ['type', ...required],
    additionalProperties: false,
  };
}

const choices: Schema = {
  description: 'The values: texts, numbers, booleans or null.',
  type: 'array',
  items: paramValue,
  minItems: 1,
  uniqueItems: true,
};
const startValue =
  'The value of the untuned program; when every parameter has one, they are tried first.';

export const parameterSchema: Schema = {
  title: 'Parameter',
  oneOf: [
    kind(
      ['float'],
      'A number between low and high.',
      {
        low,
        high,
        log,
        step: {
          description:
            'Values are low + k·step; high is rounded down to one of them. Not with log.',
          type: 'number',
          exclusiveMinimum: 0,
        },
        default: { description: startValue, type: 'number' },
        prior: numberPrior,
      },
      ['low', 'high'],
      { type: 'float', low: 1e-5, high: 0.1, log: true, default: 0.001 },
    ),
    kind(
      ['int'],
      'A whole number between low and high.',
      {
        low: { ...low, type: 'integer' },
        high: { ...high, type: 'integer' },
        log,
        step: {
          description:
            'Values are low + k·step; high is rounded down to one of them. Not with log.',
          type: 'integer',
          minimum: 1,
          default: 1,
        },
        default: { description: startValue, type: 'integer' },
        prior: numberPrior,
      },
      ['low', 'high'],
      { type: 'int', low: 16, high: 512, step: 16 },
    ),
    kind(
      ['categorical', 'ordinal'],
      'One of a list of values; ordinal says that their order means something.',
      { choices, default: { description: startValue, ...paramValue }, prior: weightPrior },
      ['choices'],
      { type: 'categorical', choices: ['adam', 'sgd'] },
    ),
    kind(
      ['boolean'],
      'false or true.',
      { default: { description: startValue, type: 'boolean' }, prior: weightPrior },
      [],
      { type: 'boolean', default: false },
    ),
    kind(
      ['constant'],
      'Always the same value: given to the program, never searched.',
      { value: { description: 'The value.', ...paramValue } },
      ['value'],
      { type: 'constant', value: 42 },
    ),
  ],
};
