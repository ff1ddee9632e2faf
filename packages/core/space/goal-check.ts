// What a study looks for has to fit together: one or several objectives, bounds on outcomes, and
// what can only be compared along one objective.

import { errorInfo, type ErrorInfo } from '../errors/index.ts';
import { describe } from './describe.ts';
import type { StudyFile } from './fill-study.ts';
import { parseOutcomeConstraint } from './outcome-constraint.ts';
import type { Objective } from './study-spec.ts';

type Sound = (place: string) => boolean;

/** Samplers that learn from every objective, or from none. */
const FOR_SEVERAL = ['auto', 'random', 'sobol', 'grid', 'tpe', 'nsga', 'regularized-evolution'];

export function checkGoal(file: StudyFile, sound: Sound): ErrorInfo[] {
  const { objective, objectives } = file;
  if (objectives === undefined) return [];
  if (objective !== undefined) {
    return sound('objectives') ? [value('objective', 'absent beside objectives', 'both')] : [];
  }
  const errors: ErrorInfo[] = [];
  if (sound('objectives')) errors.push(...doubled(objectives));
  if (sound('scheduler')) errors.push(...checkScheduler(file));
  if (sound('sampler')) errors.push(...checkSampler(file));
  if (file.budget?.target !== undefined && sound('budget')) {
    const expected = 'absent: several objectives have no one value to reach';
    errors.push(value('budget.target', expected, file.budget.target));
  }
  return errors;
}

/** Names of the metrics that the study can't do without, the objective first. */
export function neededMetrics(file: StudyFile): string[] {
  const bounds = (file.outcomeConstraints ?? []).map((text) => parseOutcomeConstraint(text).metric);
  return [...new Set([...objectivesOf(file).map(({ metric }) => metric), ...bounds])];
}

export function objectivesOf({ objective, objectives }: StudyFile): Objective[] {
  return objectives ?? [objective!];
}

function doubled(objectives: readonly Objective[]): ErrorInfo[] {
  const names = objectives.map(({ metric }) => metric);
  const twice = names.findIndex((name, i) => names.indexOf(name) < i);
  if (twice < 0) return [];
  const first = `objectives[${names.indexOf(names[twice]!)}].metric`;
  const place = `objectives[${twice}].metric`;
  return [value(place, `different from ${first}`, describe(names[twice]))];
}

function checkScheduler({ scheduler = 'fifo' }: StudyFile): ErrorInfo[] {
  const type = typeof scheduler === 'object' ? scheduler.type : scheduler;
  if (type === 'fifo') return [];
  const expected = 'fifo: trials of several objectives are not compared on their way';
  return [value('scheduler', expected, type)];
}

function checkSampler({ sampler = 'auto' }: StudyFile): ErrorInfo[] {
  const type = typeof sampler === 'object' ? sampler.type : sampler;
  if (FOR_SEVERAL.includes(type)) return [];
  const list = FOR_SEVERAL.join(', ');
  return [value('sampler', `one that knows several objectives: ${list}`, type)];
}

function value(place: string, expected: string, got: string | number): ErrorInfo {
  return errorInfo('input.value', place, { expected, got });
}
