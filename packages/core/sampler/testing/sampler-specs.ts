import { cmaEsDefaults } from '../../space/evolution-options.ts';
import { tpeDefaults, tpeParity } from '../../space/tpe-options.ts';
import type { SamplerSpec } from '../../space/study-spec.ts';

/** Every sampler, with options that bring it to its model early: each keeps both contracts. */
export const samplerSpecs: SamplerSpec[] = [
  { type: 'random' },
  { type: 'sobol' },
  { type: 'grid', counts: { x: 3 } },
  { type: 'tpe', ...tpeDefaults, startup: 5, candidates: 8 },
  { type: 'tpe', ...tpeDefaults, startup: 5, candidates: 8, branches: 'joint' },
  { type: 'tpe', ...tpeParity, startup: 5, candidates: 8 },
  { type: 'auto' },
  { type: 'cma-es', ...cmaEsDefaults },
  { type: 'cma-es', population: 4, width: 0.3, noisy: true, restarts: 'ipop' },
  { type: 'nsga', population: 6, crossover: 0.9 },
  { type: 'regularized-evolution', population: 6, sample: 3 },
  { type: 'differential-evolution', population: 5 },
];
