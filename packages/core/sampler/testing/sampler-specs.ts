import type { SamplerSpec } from '../../space/study-spec.ts';

/** Every sampler, with options that bring it to its model early: each keeps both contracts. */
export const samplerSpecs: SamplerSpec[] = [
  { type: 'random' },
  { type: 'sobol' },
  { type: 'grid', counts: { x: 3 } },
  { type: 'tpe', startup: 5, candidates: 8 },
  { type: 'auto' },
  { type: 'cma-es', width: 0.15, noisy: false, restarts: 'bipop' },
  { type: 'cma-es', population: 4, width: 0.3, noisy: true, restarts: 'ipop' },
  { type: 'nsga', population: 6, crossover: 0.9 },
];
