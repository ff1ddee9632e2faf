import type { StudySpec } from './study-spec.ts';
import { tpeParity } from './tpe-options.ts';

/**
 * A spec as an old log may have it: options that came later are as if they had not come, so that
 * the study goes on as it began.
 */
export function completeSpec(spec: StudySpec): StudySpec {
  const { sampler } = spec;
  if (sampler.type !== 'tpe') return spec;
  return { ...spec, sampler: { ...tpeParity, ...sampler } };
}
