import {
  createSampler,
  type Change,
  type Exhausted,
  type SearchSpace,
  type StudySpec,
  type Suggestion,
} from '@fleetune/core';

/** Makes the suggestions of one study: the file's defaults first, then the sampler's. */
export interface Advisor {
  observe(change: Change): void;
  /** `pending`: the suggestion is being made; ask again when `onReady` has been called. */
  suggest(trial: number): Suggestion | Exhausted | 'pending';
}

export function createAdvisor(
  spec: StudySpec,
  space: SearchSpace,
  history: Iterable<Change>,
): Advisor {
  const sampler = createSampler(spec.sampler, space, spec.seed);
  for (const change of history) sampler.observe(change);
  const defaults = usableDefaults(spec, space);
  return {
    observe: (change) => sampler.observe(change),
    suggest: (trial) => (trial === 0 && defaults !== undefined ? defaults : sampler.suggest(trial)),
  };
}

/** The untuned program is the baseline that people compare with, when the file names it completely and lawfully. */
function usableDefaults(spec: StudySpec, space: SearchSpace): Suggestion | undefined {
  if (spec.sampler.type === 'grid') return undefined;
  const complete = spec.space.every(
    (parameter) => parameter.type === 'constant' || parameter.default !== undefined,
  );
  if (!complete) return undefined;
  const params = space.defaults();
  if (!space.satisfies(space.fromParams(params))) return undefined;
  const text = 'the defaults of the study file, as the baseline; never stopped early';
  return { params, sampler: 'default', reason: { code: 'defaults', text } };
}
