import { readStudy, type RandomStream, type StudySpec } from '@fleetune/core';

/** What a study file says, before anybody has read it. */
export type StudyFile = Record<string, unknown>;

/** A study of about so many trials; `asked`: for programs with a loop of their own. */
export function drawStudy(random: RandomStream, trials: number, asked: boolean): StudyFile {
  const chance = (p: number): boolean => random.next() < p;
  const several = chance(0.15);
  const fidelity = chance(0.5);
  const max = [9, 27, 16][random.int(3)]!;
  const sampler = drawSampler(random, several);
  const direction = chance(0.7) ? 'minimize' : 'maximize';
  const loss = { metric: 'loss', direction };
  return {
    ...(several
      ? { objectives: [loss, { metric: 'size', direction: 'minimize' }] }
      : { objective: loss }),
    ...(chance(0.1) && { outcomeConstraints: ['size <= 0.9'] }),
    space: drawSpace(random),
    ...(chance(0.3) && { constraints: ['x <= 0.2 + y'] }),
    ...(!asked && { command: ['program'] }),
    budget: {
      // A grid ends by itself.
      ...((sampler.type !== 'grid' || chance(0.5)) && { trials: 4 + random.int(trials) }),
      ...(chance(0.2) && { time: `${3 + random.int(15)}s` }),
      ...(!several && chance(0.25) && { target: drawTarget(random, direction) }),
    },
    sampler,
    ...(fidelity && { fidelity: { metric: 'epoch', min: 1 + random.int(2), max } }),
    ...(fidelity && !several && chance(0.8) && { scheduler: drawScheduler(random) }),
    retries: chance(0.5) ? random.int(3) : { crashed: random.int(3), 'timed-out': random.int(2) },
    ...(chance(0.2) && { invalidMetric: ['fail', 'infeasible', 'worst'][random.int(3)] }),
    limits: { trial: `${[8, 8, 40, 120][random.int(4)]!}s` },
    ...(chance(0.3) && { reproducible: true }),
  };
}

/** The same file after a person has changed something in it. */
export function editStudy(file: StudyFile, random: RandomStream): StudyFile {
  const budget = file['budget'] as { trials?: number };
  const space = file['space'] as Record<string, object>;
  switch (random.int(6)) {
    case 0:
      return { ...file, budget: { ...budget, trials: 1 + (budget.trials ?? 4) + random.int(6) } };
    case 1:
      return { ...file, budget: { ...budget, trials: Math.max(1, (budget.trials ?? 4) - 3) } };
    case 2:
      return {
        ...file,
        space: { ...space, y: { type: 'float', low: 0.1 * random.int(3), high: 2 } },
      };
    case 3:
      return { ...file, engine: { type: 'local', slots: 1 + random.int(4) } };
    case 4:
      return { ...file, retries: random.int(4) };
    default:
      return file['fidelity'] === undefined || file['objectives'] !== undefined
        ? { ...file, sampler: 'random' }
        : { ...file, scheduler: drawScheduler(random) };
  }
}

/** Throws what a person would be told. */
export function specOf(name: string, file: StudyFile, seed: number): StudySpec {
  const read = readStudy({ name, ...file }, { cwd: '/', seed, withoutCommand: true });
  if ('spec' in read) return read.spec;
  throw new Error(JSON.stringify(read.errors));
}

type SamplerName = StudySpec['sampler']['type'];

/** One that most trials reach ends a study where not even one is whole. */
function drawTarget(random: RandomStream, direction: string): number {
  const loss = random.next() < 0.5 ? 0.05 : 0.4;
  return direction === 'minimize' ? loss : 1 - loss;
}

interface Sampler {
  type: SamplerName;
  [option: string]: unknown;
}

/** Their options are so small that a few trials get them past their start. */
const SAMPLERS: Record<SamplerName, (random: RandomStream) => Sampler> = {
  auto: () => ({ type: 'auto' }),
  random: () => ({ type: 'random' }),
  sobol: () => ({ type: 'sobol' }),
  grid: (random) => ({ type: 'grid', counts: { x: 1 + random.int(4), y: 1 + random.int(3) } }),
  tpe: (random) => ({ type: 'tpe', startup: 1 + random.int(6), candidates: 4 }),
  'cma-es': (random) => ({ type: 'cma-es', population: 4 + random.int(3) }),
  nsga: (random) => ({ type: 'nsga', population: 4 + random.int(4) }),
  'regularized-evolution': (random) => {
    const population = 3 + random.int(5);
    return { type: 'regularized-evolution', population, sample: 1 + random.int(population) };
  },
  'differential-evolution': (random) => {
    return { type: 'differential-evolution', population: 4 + random.int(4) };
  },
};

/** They know one objective only. */
const FOR_ONE: readonly string[] = ['cma-es', 'differential-evolution'];

/** By name, the commonest three times as often as the others. */
function drawSampler(random: RandomStream, several: boolean): Sampler {
  const types = Object.keys(SAMPLERS) as SamplerName[];
  const all = [...types, 'tpe', 'tpe', 'random', 'random', 'grid'] as const;
  const known = all.filter((type) => !several || !FOR_ONE.includes(type));
  return SAMPLERS[known[random.int(known.length)]!](random);
}

function drawScheduler(random: RandomStream): string | Record<string, unknown> {
  const draw = random.next();
  if (draw < 0.2) return 'fifo';
  if (draw < 0.5) return { type: 'median', startup: random.int(4), interval: 1 + random.int(3) };
  return { type: 'asha', eta: 2 + random.int(3) };
}

function drawSpace(random: RandomStream): Record<string, object> {
  return {
    // Where all have defaults, the first trial is of those, and nothing stops it.
    x: { type: 'float', low: 0, high: 1, ...(random.next() < 0.3 && { default: 0.5 }) },
    y: { type: 'float', low: 0.1, high: 2, default: 1 },
    k: { type: 'categorical', choices: ['a', 'b', 'c'], default: 'c' },
    ...(random.next() < 0.4 && {
      n: { type: 'int', low: 1, high: 64, log: true, default: 8, when: { k: ['a', 'b'] } },
    }),
  };
}
