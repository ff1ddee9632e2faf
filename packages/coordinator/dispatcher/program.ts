import type { StudySpec } from '@fleetune/core';
import type { Program } from '@fleetune/protocol';

/** The part of the study that a worker needs to run its trials; `setup`: what it does on its host before the first. */
export function programOf(
  spec: StudySpec,
  files: string,
  setup: StudySpec['setup'] | undefined,
): Program {
  const kept = new Set([spec.objective.metric, ...spec.extraMetrics]);
  return {
    ...(spec.command !== undefined && { command: spec.command }),
    cwd: spec.cwd,
    env: spec.env,
    metrics: spec.metrics,
    kept: [...kept],
    ...(spec.fidelity && { fidelity: spec.fidelity.metric }),
    limits: spec.limits,
    files,
    ...(setup !== undefined && setup.length > 0 && { setup }),
  };
}
