import type { SamplerSpec } from './study-spec.ts';

type Options<Type> = Omit<Extract<SamplerSpec, { type: Type }>, 'type'>;

/** docs/reference/samplers/cma-es.md says where they come from. */
export const cmaEsDefaults: Options<'cma-es'> = { width: 0.1, noisy: false, restarts: 'bipop' };

/** Optuna's `NSGAIISampler`. */
export const nsgaDefaults: Options<'nsga'> = { population: 50, crossover: 0.9 };

/** docs/reference/samplers/regularized-evolution.md says where they come from. */
export const regularizedEvolutionDefaults: Options<'regularized-evolution'> = {
  population: 50,
  sample: 20,
};

/** docs/reference/samplers/differential-evolution.md says where it comes from. */
export const differentialEvolutionDefaults: Options<'differential-evolution'> = { population: 20 };
