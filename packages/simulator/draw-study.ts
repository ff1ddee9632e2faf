import { readStudy, type RandomStream, type StudySpec } from '@fleetune/core';

/** What a study file says, before anybody has read it. */
export type StudyFile = Record<string, unknown>;

/** A study of about so many trials; `asked`: for programs with a loop of their own. */
export function drawStudy(random: RandomStream, trials: number, asked: boolean): StudyFile {
  const chance = (p: number): boolean => random.next() < p;
  const sampler = drawSampler(random);
  const grid = typeof sampler === 'object' && sampler['type'] === 'grid';
  const max = [9, 27, 16][random.int(3)]!;
  const fidelity = chance(0.5);
  return {
    objective: { metric: 'loss', direction: chance(0.7) ? 'minimize' : 'maximize' },
    space: drawSpace(random),
    ...(chance(0.3) && { constraints: ['x <= 0.2 + y'] }),
    ...(!asked && { command: ['program'] }),
    budget: {
      ...((!grid || chance(0.5)) && { trials: 4 + random.int(trials) }),
      ...(chance(0.2) && { time: `${5 + random.int(30)}s` }),
      ...(chance(0.1) && { target: 0.05 }),
    },
    sampler,
    ...(fidelity && { fidelity: { metric: 'epoch', min: 1 + random.int(2), max } }),
    ...(fidelity && chance(0.7) && { scheduler: drawScheduler(random) }),
    retries: chance(0.5) ? random.int(3) : { crashed: random.int(3), 'timed-out': random.int(2) },
    limits: { trial: `${[8, 8, 40, 120][random.int(4)]!}s` },
    ...(chance(0.1) && { reproducible: true }),
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
      return file['fidelity'] === undefined
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

function drawSampler(random: RandomStream): string | Record<string, unknown> {
  switch (random.int(5)) {
    case 0:
      return { type: 'grid', counts: { x: 1 + random.int(4), y: 1 + random.int(3) } };
    case 1:
    case 2:
      return { type: 'tpe', startup: 1 + random.int(6), candidates: 4 };
    case 3:
      return 'auto';
    default:
      return 'random';
  }
}

function drawScheduler(random: RandomStream): string | Record<string, unknown> {
  return random.next() < 0.25 ? 'fifo' : { type: 'asha', eta: 2 + random.int(3) };
}

function drawSpace(random: RandomStream): Record<string, object> {
  return {
    x: { type: 'float', low: 0, high: 1 },
    y: { type: 'float', low: 0.1, high: 2, default: 1 },
    k: { type: 'categorical', choices: ['a', 'b', 'c'] },
    ...(random.next() < 0.4 && {
      n: { type: 'int', low: 1, high: 64, log: true, default: 8, when: { k: ['a', 'b'] } },
    }),
  };
}
