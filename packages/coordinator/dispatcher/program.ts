import type { StudySpec } from '@fleetune/core';
import type { Program } from '@fleetune/protocol';
import type { ActiveStudy } from './dispatcher-state.ts';

/** The part of the study that a worker needs to run its trials; the same one until the study is edited. */
export function programOf(study: ActiveStudy): Program {
  const spec = study.host.state.spec!;
  if (study.program?.of !== spec) study.program = { of: spec, program: newProgram(study, spec) };
  return study.program.program;
}

function newProgram({ files, shared }: ActiveStudy, spec: StudySpec): Program {
  const kept = new Set([spec.objective.metric, ...spec.extraMetrics]);
  // A run with a worker of its own has done the setup before.
  const setup = shared ? spec.setup : undefined;
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
