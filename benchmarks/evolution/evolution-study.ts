// Ask and tell in memory, ours: prints {"microseconds": [of processor time per trial, in each tenth of the study],
// "megabytes": of heap at the end}. `node evolution-study.ts TYPE DIMENSIONS TRIALS`.

import {
  cmaEsDefaults,
  createSampler,
  differentialEvolutionDefaults,
  regularizedEvolutionDefaults,
  searchSpace,
  type Parameter,
  type Params,
} from '@fleetune/core';

const [type = 'cma-es', dimensions = '40', trials = '1000'] = process.argv.slice(2);
const specs = {
  'cma-es': { type: 'cma-es', ...cmaEsDefaults },
  nsga: { type: 'nsga', population: 50, crossover: 0.9 },
  'regularized-evolution': { type: 'regularized-evolution', ...regularizedEvolutionDefaults },
  'differential-evolution': { type: 'differential-evolution', ...differentialEvolutionDefaults },
} as const;
const spec = specs[type as keyof typeof specs];
const parameters = Array.from({ length: Number(dimensions) }, (_, i): Parameter => {
  return { name: `x${i}`, type: 'float', low: 0, high: 1, log: false };
});
const objectives = type === 'nsga' ? 2 : 1;
const sampler = createSampler(spec, searchSpace(parameters, []), 0, {}, objectives);
const tenth = Math.ceil(Number(trials) / 10);
const microseconds: number[] = [];
let before = process.cpuUsage();
for (let trial = 0; trial < Number(trials); trial += 1) {
  const { params } = sampler.suggest(trial) as { params: Params };
  sampler.observe({ trial, params, outcome: { state: 'pending' } });
  const values = Object.values(params) as number[];
  const loss = values.reduce((sum, value) => sum + (value - 0.3) ** 2, 0);
  const losses = [loss, values.reduce((sum, value) => sum + (value - 0.6) ** 2, 0)];
  const all = objectives === 2 ? { losses } : {};
  sampler.observe({ trial, params, outcome: { state: 'completed', loss, ...all } });
  if ((trial + 1) % tenth !== 0) continue;
  const { user, system } = process.cpuUsage(before);
  microseconds.push((user + system) / tenth);
  before = process.cpuUsage();
}
// What is held, not what waits to be collected.
globalThis.gc?.();
const megabytes = process.memoryUsage().heapUsed / 1e6;
// Its name is asked for last, so that it is still held above.
console.log(JSON.stringify({ sampler: sampler.name, microseconds, megabytes }));
