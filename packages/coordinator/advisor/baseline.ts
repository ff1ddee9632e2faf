import type { SearchSpace, StudySpec, Suggestion } from '@fleetune/core';

/** The untuned program is the baseline that people compare with, when the file names it completely and lawfully. */
export function baselineOf(spec: StudySpec, space: SearchSpace): Suggestion | undefined {
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
