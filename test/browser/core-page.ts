// Core at work, with nothing but the language: runs in a page and, to compare, in Node.js.

import * as core from '@fleetune/core';
import { runKernels, type KernelsResult } from './kernels-page.ts';

const file = {
  name: 'page',
  objective: { metric: 'loss', direction: 'minimize' },
  space: {
    x: { type: 'float', low: -5, high: 5 },
    lr: { type: 'float', low: 1e-5, high: 0.1, log: true },
    units: { type: 'int', low: 16, high: 512 },
    solver: { type: 'categorical', choices: ['adam', 'sgd'] },
    momentum: { type: 'float', low: 0, high: 0.9, step: 0.3, when: { solver: 'sgd' } },
  },
  constraints: ['units <= 4096 * lr + 400'],
};

const samplers: core.SamplerSpec[] = [
  { type: 'random' },
  { type: 'sobol' },
  { type: 'grid', counts: { x: 3, lr: 3, units: 3 } },
  { type: 'tpe', ...core.tpeDefaults, startup: 5 },
  { type: 'auto' },
  { type: 'cma-es', ...core.cmaEsDefaults },
  { type: 'nsga', population: 6, crossover: 0.9 },
  { type: 'regularized-evolution', population: 6, sample: 3 },
  { type: 'differential-evolution', population: 5 },
];

export interface PageResult {
  /** By sampler. */
  params: Record<string, core.Params[]>;
  /** The events of a study that is created. */
  events: string[];
  exported: number;
  kernels: KernelsResult;
}

const TRIALS = 30;

/** Throws when a suggestion is unlawful. */
export function runCore(): PageResult {
  const read = core.readStudy(file, { cwd: '/', seed: 7, withoutCommand: true });
  if ('errors' in read) throw new Error(JSON.stringify(read.errors));
  const { spec } = read;
  const params = Object.fromEntries(samplers.map((one) => [one.type, suggestions(one, spec)]));
  const outcome = core.decide(core.emptyStudy(), { kind: 'create', spec }, 0);
  const events = 'events' in outcome ? outcome.events.map(({ kind }) => kind) : [];
  return { params, events, exported: Object.keys(core).length, kernels: runKernels() };
}

function suggestions(sampler: core.SamplerSpec, spec: core.StudySpec): core.Params[] {
  const space = core.searchSpace(spec.space, spec.constraints);
  const made = core.createSampler(sampler, space, spec.seed);
  return Array.from({ length: TRIALS }, (_, trial) => {
    const suggestion = made.suggest(trial);
    if ('exhausted' in suggestion) throw new Error(`${sampler.type} is exhausted`);
    const { params } = suggestion;
    if (!space.satisfies(space.fromParams(params))) throw new Error(`${sampler.type} is unlawful`);
    made.observe({ trial, params, outcome: { state: 'pending' } });
    made.observe({
      trial,
      params,
      outcome: { state: 'completed', loss: Number(params['x']) ** 2 },
    });
    return params;
  });
}
