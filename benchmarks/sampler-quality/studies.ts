// Studies on tasks under simulated workers: each takes the recorded seconds of its trial and asks for the next one when it
// ends. Many studies go on at once, so that their trials are evaluated together.

import { createSampler, searchSpace, type Params, type SamplerSpec } from '@fleetune/core';
import type { Evaluator, Task } from './tasks.ts';

export interface Planned {
  task: Task;
  seed: number;
  workers: number;
  sampler: SamplerSpec;
}

interface Running {
  trial: number;
  params: Params;
  value: number;
  endsAt: number;
}

interface Going {
  plan: Planned;
  ask(): Params;
  tell(ended: Running): void;
  running: Running[];
  now: number;
  started: number;
  values: number[];
}

/** The values of each study in the order in which its trials end. */
export async function runStudies(
  plans: readonly Planned[],
  trials: number,
  { evaluate }: Evaluator,
): Promise<number[][]> {
  const studies = plans.map(begin);
  while (studies.some(({ values }) => values.length < trials)) {
    const asked: { study: Going; trial: number; params: Params }[] = [];
    for (const study of studies) {
      const room = study.plan.workers - study.running.length;
      for (let i = 0; i < room && study.started < trials; i++) {
        asked.push({ study, trial: study.started, params: study.ask() });
      }
    }
    const points = asked.map(({ study, params }) => [study.plan.task.name, params] as const);
    const found = points.length === 0 ? [] : await evaluate(points);
    asked.forEach(({ study, trial, params }, i) => {
      const { value, seconds } = found[i]!;
      study.running.push({ trial, params, value, endsAt: study.now + seconds });
    });
    for (const study of studies) end(study);
  }
  return studies.map(({ values }) => values);
}

function begin(plan: Planned): Going {
  const { task, seed, sampler: spec } = plan;
  const sampler = createSampler(spec, searchSpace(task.parameters, []), seed);
  const study: Going = {
    plan,
    running: [],
    now: 0,
    started: 0,
    values: [],
    ask() {
      const trial = study.started++;
      const suggestion = sampler.suggest(trial);
      if (!('params' in suggestion)) throw new Error(`${task.name}: ${suggestion.reason.text}`);
      const { params } = suggestion;
      sampler.observe({ trial, params, outcome: { state: 'pending' } });
      return params;
    },
    tell({ trial, params, value }) {
      sampler.observe({ trial, params, outcome: { state: 'completed', loss: value } });
    },
  };
  return study;
}

/** The trial that ends next, the first started of several. */
function end(study: Going): void {
  const { running } = study;
  if (running.length === 0) return;
  const next = running.reduce((a, b) => (b.endsAt < a.endsAt ? b : a));
  running.splice(running.indexOf(next), 1);
  study.now = next.endsAt;
  study.tell(next);
  study.values.push(next.value);
}
