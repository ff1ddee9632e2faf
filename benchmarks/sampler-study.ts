// Ask and tell in memory, ours: prints {"seconds", "asks"} for one study. In a process of its own,
// as the peers are: `node sampler-study.ts float|mixed|conditional DIMENSIONS TRIALS [parity]`.

import {
  createSampler,
  searchSpace,
  tpeDefaults,
  tpeParity,
  type Parameter,
  type Params,
} from '@fleetune/core';

const [kind = 'float', dimensions = '10', trials = '1000', mode] = process.argv.slice(2);

const float = { type: 'float', low: 0, high: 1, log: false } as const;
/** Parameters, and their values on [0, 1]. */
const kinds: { parameter: Omit<Parameter, 'name'>; unit(value: number): number }[] = [
  { parameter: float, unit: (x) => x },
  {
    parameter: { type: 'float', low: 1e-5, high: 1, log: true } as Parameter,
    unit: (x) => (Math.log10(x) + 5) / 5,
  },
  {
    parameter: { type: 'int', low: 0, high: 20, step: 1, log: false } as Parameter,
    unit: (x) => x / 20,
  },
  { parameter: { type: 'categorical', choices: [0, 1, 2] } as Parameter, unit: (x) => x / 2 },
  {
    parameter: { type: 'categorical', choices: [0, 1, 2, 3, 4, 5] } as Parameter,
    unit: (x) => x / 5,
  },
];

function flat(count: number): { parameters: Parameter[]; values(params: Params): number[] } {
  const of = Array.from({ length: count }, (_, i) => kinds[kind === 'mixed' ? i % 5 : 0]!);
  return {
    parameters: of.map(({ parameter }, i) => ({ ...parameter, name: `x${i}` }) as Parameter),
    values: (params) => of.map(({ unit }, i) => unit(params[`x${i}`] as number)),
  };
}

/** A choice of three arms with as many parameters each as fit, and shared ones for the rest. */
function conditional(count: number): typeof flat extends (n: number) => infer R ? R : never {
  const own = Math.floor((count - 1) / 3);
  const shared = Array.from({ length: count - 1 - 3 * own }, (_, i) => ({
    ...float,
    name: `x${i}`,
  }));
  const arms = [0, 1, 2].flatMap((arm) =>
    Array.from({ length: own }, (_, i) => ({ ...float, name: `a${arm}x${i}`, when: { arm } })),
  );
  return {
    parameters: [{ name: 'arm', type: 'categorical', choices: [0, 1, 2] }, ...shared, ...arms],
    values: ({ arm, ...rest }) => [Number(arm) / 2, ...Object.values(rest).map(Number)],
  };
}

const { parameters, values } = (kind === 'conditional' ? conditional : flat)(Number(dimensions));
const tpe = { type: 'tpe', ...(mode === 'parity' ? tpeParity : tpeDefaults) } as const;
const sampler = createSampler(tpe, searchSpace(parameters, []), 0);
const asks: number[] = [];
let milliseconds = 0;
for (let trial = 0; trial < Number(trials); trial += 1) {
  const start = performance.now();
  const { params } = sampler.suggest(trial) as { params: Params };
  sampler.observe({ trial, params, outcome: { state: 'pending' } });
  const asked = performance.now();
  const loss = values(params).reduce((sum, value) => sum + (value - 0.3) ** 2, 0);
  const told = performance.now();
  sampler.observe({ trial, params, outcome: { state: 'completed', loss } });
  asks.push((asked - start) / 1000);
  milliseconds += asked - start + performance.now() - told;
}
console.log(JSON.stringify({ seconds: milliseconds / 1000, asks }));
