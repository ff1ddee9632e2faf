import { randomStream, type RandomStream } from '@fleetune/core';
import { drawStudy } from './draw-study.ts';
import { TROUBLE_POINTS } from './faults/strikes.ts';
import type { ProgramKnobs, Scenario, SimulatedStudy, Trouble } from './scenario.ts';
import { withDeaths, withWaitingSlots } from './shapes.ts';

export function scenario(seed: number): Scenario {
  const random = randomStream(seed, 0, 'scenario');
  const drawn = drawScenario(seed, random);
  const shape = random.next();
  if (shape < 0.1) return withWaitingSlots(drawn, random);
  return shape < 0.45 && drawn.troubleMs > 0 ? withDeaths(drawn, random) : drawn;
}

function drawScenario(seed: number, random: RandomStream): Scenario {
  const chance = (p: number): boolean => random.next() < p;
  const calm = chance(0.1);
  const often = (perSecond: number): number => (calm || chance(0.6) ? 0 : perSecond);
  const size = drawSize(random);
  const serve = size.workers > 4 || chance(0.6);
  const count = serve ? 1 + random.int(3) : 1;
  const studies = Array.from({ length: count }, (_, index): SimulatedStudy => {
    const asked = serve && chance(0.15);
    return {
      name: `study-${index}`,
      file: drawStudy(random, Math.ceil(size.trials / count), asked),
      seed: seed + index,
      ...(serve && !asked && chance(0.3) && { slots: 1 + random.int(4) }),
      ...(asked && { askers: 1 + random.int(3) }),
      fromMs: serve && chance(0.5) ? random.int(15_000) : 0,
    };
  });
  return {
    seed,
    serve,
    studies,
    workers: size.workers,
    slots: size.slots,
    keepGoing: chance(0.5),
    walltimeMs: often(1) * (5_000 + random.int(20_000)) * random.int(2),
    troubleMs: calm ? 0 : 5_000 + random.int(chance(0.8) ? 20_000 : 60_000),
    network: {
      longestMs: 1 + random.int(30),
      lost: often(0.2),
      doubled: often(0.1),
      stuck: often(0.1),
      stuckMs: chance(0.5) ? 500 : 20_000,
    },
    disk: {
      longestMs: [0, 20, 600][random.int(3)]!,
      failing: often(0.4) * 0.02,
      deadly: often(0.1),
      fullFromMs: random.int(20_000),
      fullForMs: often(0.3) * random.int(15_000),
    },
    programs: drawPrograms(random, size.workers),
    thinking: { longestMs: 10 ** (1 + 2 * random.next()), deadly: often(0.1) },
    perSecond: drawTroubles(random, often, serve),
    points: drawPoints(random, often),
    dies: undefined,
  };
}

/** Most clusters are small, since small things break as well and are simulated faster. */
function drawSize(random: RandomStream): { workers: number; slots: number; trials: number } {
  const draw = random.next();
  if (draw < 0.8) return { workers: 1 + random.int(4), slots: 1 + random.int(4), trials: 16 };
  if (draw < 0.94) return { workers: 5 + random.int(12), slots: 1 + random.int(2), trials: 40 };
  return { workers: 30 + random.int(60), slots: 1 + random.int(2), trials: 100 };
}

function drawPrograms(random: RandomStream, workers: number): ProgramKnobs {
  const share = (most: number): number => (random.next() < 0.3 ? 0 : random.next() * most);
  return {
    fates: {
      // Now and then nearly all do, after a few reports.
      crashes: random.next() < 0.15 ? 0.9 : share(0.25),
      hangs: share(0.1),
      'is silent': share(0.08),
      'reports NaN': share(0.1),
      'is killed': share(0.08),
      'runs out of memory': share(0.08),
      'repeats steps': share(0.1),
    },
    everyMs: random.next() < 0.8 ? 5 + random.int(60) : 1_000 + random.int(3_000),
    tail: 0.9 + 2 * random.next(),
    mostRows: random.next() < 0.8 ? 27 : 9,
    ...drawBadMachines(random, workers),
    held: random.next() < 0.5,
  };
}

function drawPoints(
  random: RandomStream,
  often: (perSecond: number) => number,
): Scenario['points'] {
  const points: Scenario['points'] = {};
  for (const point of TROUBLE_POINTS) {
    const chance = often(0.4) ** (1 + random.next());
    if (chance > 0) points[point] = chance;
  }
  return points;
}

/** One of several, or all of them: then it is the program that is broken, and not its setup: nobody would be left. */
function drawBadMachines(
  random: RandomStream,
  workers: number,
): Pick<ProgramKnobs, 'badMachines' | 'badSetup'> {
  const draw = random.next();
  if (draw < 0.05) return { badMachines: workers, badSetup: false };
  const badMachines = workers > 1 && draw < 0.25 ? 1 : 0;
  return { badMachines, badSetup: random.next() < 0.4 };
}

function drawTroubles(
  random: RandomStream,
  often: (perSecond: number) => number,
  serve: boolean,
): Record<Trouble, number> {
  const rarely = (perSecond: number): number => (random.next() < 0.7 ? 0 : often(perSecond));
  return {
    'worker-killed': often(0.15),
    'worker-frozen': often(0.08),
    'zombie-twin': rarely(0.05),
    'worker-twice': rarely(0.05),
    'worker-never': rarely(0.05),
    'worker-clock': often(0.1),
    'worker-preempted': often(0.1),
    partition: often(0.15),
    swizzle: rarely(0.05),
    'coordinator-killed': often(0.15),
    'coordinator-frozen': often(0.06),
    'coordinator-clock': rarely(0.1),
    'coordinator-restarted': serve ? often(0.1) : 0,
    enqueue: often(0.4),
    edit: often(0.2),
    'stop-trial': often(0.2),
    'cancel-trial': often(0.1),
    'pause-trial': often(0.15),
    'drain-trial': often(0.15),
    'checkpoint-trial': often(0.1),
    'checkpoint-worker': serve ? often(0.1) : 0,
    'revise-trial': often(0.2),
    'pause-study': often(0.1),
    'pause-worker': serve ? often(0.1) : 0,
    'drain-worker': serve ? often(0.05) : 0,
    'stop-worker': serve ? rarely(0.05) : 0,
    'stop-study': random.next() < 0.9 ? 0 : 0.05,
    drain: often(0.05),
    quit: often(0.03),
  };
}
