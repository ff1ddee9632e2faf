import { randomStream, readStudy, type RandomStream, type StudySpec } from '@fleetune/core';

/** One simulated story; everything in it follows from the seed. */
export interface Scenario {
  seed: number;
  /** The coordinator stays, for all studies at once, and a killed one is succeeded by one that takes up its runs. */
  serve: boolean;
  studies: SimulatedStudy[];
  workers: number;
  /** Of each worker. */
  slots: number;
  keepGoing: boolean;
  /** Faults and people's commands come until then; afterwards everything must come to its end. */
  troubleMs: number;
  network: NetworkFaults;
  /** The longest that the disk takes. */
  diskMs: number;
  /** Per second of trouble, how likely each is. */
  perSecond: Record<Trouble, number>;
}

export interface SimulatedStudy {
  spec: StudySpec;
  /** At most so many attempts at a time. */
  slots?: number;
  /** When people submit it. */
  fromMs: number;
}

export interface NetworkFaults {
  longestMs: number;
  /** How likely a request or an answer is lost; half of those break, half hang. */
  lost: number;
  doubled: number;
  /** How likely a message takes up to `stuckMs`. */
  stuck: number;
  stuckMs: number;
}

export type Trouble =
  | 'worker-killed'
  | 'coordinator-killed'
  | 'enqueue'
  | 'stop-trial'
  | 'pause-study'
  | 'pause-worker'
  | 'drain-worker'
  | 'stop-study'
  | 'drain'
  | 'quit';

export function scenario(seed: number): Scenario {
  const random = randomStream(seed, 0, 'scenario');
  const chance = (p: number): boolean => random.next() < p;
  const calm = chance(0.1);
  const often = (perSecond: number): number => (calm || chance(0.6) ? 0 : perSecond);
  const serve = chance(0.6);
  const studies = Array.from({ length: serve ? 1 + random.int(3) : 1 }, (_, index) => ({
    spec: specOf(`study-${index}`, seed + index, random),
    ...(serve && chance(0.3) && { slots: 1 + random.int(4) }),
    fromMs: serve && chance(0.5) ? random.int(15_000) : 0,
  }));

  return {
    seed,
    serve,
    studies,
    workers: 1 + random.int(3),
    slots: 1 + random.int(4),
    keepGoing: chance(0.8),
    troubleMs: calm ? 0 : 5_000 + random.int(20_000),
    diskMs: [0, 20, 600][random.int(3)]!,
    network: {
      longestMs: 1 + random.int(30),
      lost: often(0.2),
      doubled: often(0.1),
      stuck: often(0.05),
      stuckMs: chance(0.5) ? 500 : 20_000,
    },
    perSecond: {
      'worker-killed': often(0.15),
      'coordinator-killed': often(0.15),
      enqueue: often(0.4),
      'stop-trial': often(0.2),
      'pause-study': often(0.1),
      'pause-worker': serve ? often(0.1) : 0,
      'drain-worker': serve ? often(0.05) : 0,
      'stop-study': chance(0.9) ? 0 : 0.05,
      drain: often(0.05),
      quit: often(0.03),
    },
  };
}

function specOf(name: string, seed: number, random: RandomStream): StudySpec {
  const chance = (p: number): boolean => random.next() < p;
  const kind = random.int(4);
  const raw = {
    name,
    objective: { metric: 'loss', direction: 'minimize' },
    space: {
      x: { type: 'float', low: 0, high: 1 },
      k: { type: 'categorical', choices: ['a', 'b', 'c'] },
    },
    command: ['program'],
    budget: {
      ...((kind !== 3 || chance(0.5)) && { trials: 4 + random.int(10) }),
      ...(chance(0.2) && { time: `${5 + random.int(30)}s` }),
      ...(chance(0.1) && { target: 0.05 }),
    },
    sampler: kind === 3 ? { type: 'grid', counts: { x: 1 + random.int(4) } } : 'random',
    ...(kind < 2 && { fidelity: { metric: 'epoch', min: 1, max: 27 } }),
    retries: random.int(3),
    seed,
    limits: { trial: '8s' },
  };
  const read = readStudy(raw, { cwd: '/', seed });
  if ('errors' in read) throw new Error(JSON.stringify(read.errors));
  return read.spec;
}
