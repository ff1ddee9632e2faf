// How the study searches: sampler, scheduler, budget.

import { duration, named, objectOf, type Schema } from './schema.ts';

export const samplerNames = [
  'auto',
  'random',
  'sobol',
  'grid',
  'tpe',
  'cma-es',
  'nsga',
  'regularized-evolution',
  'differential-evolution',
] as const;

const laterSamplers = ['gp', 'trust-region'];
const laterSchedulers = ['hyperband', 'pbt'];

export const searchSchema: Record<string, Schema> = {
  sampler: sampler(),
  scheduler: scheduler(),
  budget: budget(),
};

function sampler(): Schema {
  return {
    title: 'Sampler',
    description: 'How params are chosen: a name, or an object with its settings.',
    default: 'auto',
    examples: ['tpe', { type: 'tpe', startup: 10 }, { type: 'grid', counts: { lr: 5 } }],
    oneOf: [
      {
        title: 'a name',
        type: 'string',
        enum: [...samplerNames],
        notYet: laterSamplers,
      },
      named('auto', 'Ten random trials, then tpe; with several objectives nsga from trial 250 on.'),
      named('random', 'Uniform on the (transformed) ranges.'),
      named('sobol', 'Scrambled Sobol points: they cover the space more evenly than random ones.'),
      named('grid', 'Every combination once.', {
        counts: {
          description:
            'How many values of a float or int to take; needed for a float without a step.',
          type: 'object',
          additionalProperties: { type: 'integer', minimum: 1 },
        },
      }),
      tpe(),
      cmaEs(),
      nsga(),
      regularizedEvolution(),
      differentialEvolution(),
    ],
  };
}

function tpe(): Schema {
  return named('tpe', 'Tree-structured Parzen estimator.', {
    ...tpeSearch(),
    weights: {
      description: 'What good trials weigh by: their rank, or their age; age with parity.',
      type: 'string',
      enum: ['rank', 'age'],
      default: 'rank',
    },
    smoothing: {
      description:
        'How far each other trial is felt at least, as a share of the range; 0.1 with several objectives, 0 with parity.',
      type: 'number',
      minimum: 0,
      maximum: 1,
      default: 0.2,
    },
    liar: {
      description:
        'How much a pending trial keeps others away, against one that ended badly; 1 with parity.',
      type: 'number',
      exclusiveMinimum: 0,
      maximum: 1,
      default: 0.1,
    },
    multivariate: {
      description:
        'Parameters are modelled together, not each alone; not with parity and several objectives.',
      type: 'boolean',
      default: true,
    },
    branches: {
      description:
        'With conditions: a trial is one kernel over all that it has (joint), or one for the parameters of each condition.',
      type: 'string',
      enum: ['apart', 'joint'],
      default: 'apart',
    },
    parity: {
      description: "As Optuna 5.0.0's default, but for settings that are given.",
      type: 'boolean',
      default: false,
    },
  });
}

/** What comes before the model, and how long it is searched. */
function tpeSearch(): Record<string, Schema> {
  return {
    startup: {
      description: 'Trials before the model is asked.',
      type: 'integer',
      minimum: 1,
      default: 10,
    },
    ended: {
      description: 'How many of them must have ended; all with parity.',
      type: 'integer',
      minimum: 1,
      default: 3,
    },
    initial: {
      description:
        'What they are: points that cover the space evenly, or random; random with parity.',
      type: 'string',
      enum: ['sobol', 'random'],
      default: 'sobol',
    },
    candidates: {
      description: 'Points among which the model chooses.',
      type: 'integer',
      minimum: 1,
      default: 24,
    },
    perPending: {
      description: 'More of them for each pending trial, up to three times as many; 0 with parity.',
      type: 'integer',
      minimum: 0,
      default: 2,
    },
  };
}

function cmaEs(): Schema {
  return named('cma-es', 'Evolution strategy with a covariance matrix, for thousands of trials.', {
    population: {
      description: 'Trials of a generation; absent: 4 + 3 ln(number of parameters).',
      type: 'integer',
      minimum: 4,
    },
    width: {
      description: 'Standard deviation of the first trials, as a share of each range.',
      type: 'number',
      exclusiveMinimum: 0,
      maximum: 1,
      default: 0.1,
    },
    noisy: {
      description: 'Learning rates adapt to noise in the objective.',
      type: 'boolean',
      default: false,
    },
    restarts: {
      description: 'After a run that gets no further: runs with more trials per generation.',
      type: 'string',
      enum: ['bipop', 'ipop'],
      default: 'bipop',
    },
  });
}

function nsga(): Schema {
  return named(
    'nsga',
    'Genetic algorithm for several objectives (NSGA-II, from four on NSGA-III).',
    {
      population: {
        description: 'Trials that may be parents, and random trials at the start.',
        type: 'integer',
        minimum: 4,
        default: 50,
      },
      crossover: {
        description: 'Share of the children that have two parents.',
        type: 'number',
        minimum: 0,
        maximum: 1,
        default: 0.9,
      },
    },
  );
}

function regularizedEvolution(): Schema {
  return named(
    'regularized-evolution',
    'Ageing evolution: one parameter of a good recent trial changes.',
    {
      population: {
        description: 'The newest trials that may be parents, and random trials at the start.',
        type: 'integer',
        minimum: 2,
        default: 50,
      },
      sample: {
        description: 'Trials, drawn from the population, of which the best is the parent.',
        type: 'integer',
        minimum: 1,
        maximum: 1000,
        default: 20,
      },
    },
  );
}

function differentialEvolution(): Schema {
  return named('differential-evolution', 'Trials move by differences between good trials.', {
    population: {
      description: 'Slots that trials compete for, and random trials at the start.',
      type: 'integer',
      minimum: 4,
      default: 20,
    },
  });
}

function scheduler(): Schema {
  return {
    title: 'Scheduler',
    description:
      'How far each trial goes. Default: asha with a fidelity, else fifo (every trial to its end).',
    examples: ['asha', { type: 'asha', eta: 4 }],
    oneOf: [
      {
        title: 'a name',
        type: 'string',
        enum: ['fifo', 'asha', 'median'],
        notYet: laterSchedulers,
      },
      named('fifo', 'Every trial runs to its end.'),
      named('asha', 'Trials below the best 1/eta at a rung are stopped.', {
        eta: {
          description: 'Ratio of neighbouring rungs, and of trials that reach them.',
          type: 'number',
          minimum: 2,
          default: 3,
        },
      }),
      medianRule(),
    ],
  };
}

function medianRule(): Schema {
  return named('median', 'Trials worse than the median of the completed ones are stopped.', {
    startup: {
      description: 'Trials that complete before any is stopped.',
      type: 'integer',
      minimum: 0,
      default: 5,
    },
    warmup: {
      description: 'Fidelity below which nothing is compared.',
      type: 'number',
      minimum: 0,
      default: 0,
    },
    interval: {
      description:
        'Fidelity between two comparisons. Default: 1, or what makes 300 comparisons of more.',
      type: 'number',
      exclusiveMinimum: 0,
    },
  });
}

function budget(): Schema {
  return {
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
}
