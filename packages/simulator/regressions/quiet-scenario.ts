import { TROUBLES, type Scenario, type SimulatedStudy, type Trouble } from '../scenario.ts';

/** Each kind has a chance at every tick: with those that came later the seeds of these stories would mean others. */
const LATER: readonly Trouble[] = [
  'worker-preempted',
  'coordinator-restarted',
  'checkpoint-trial',
  'checkpoint-worker',
];

const NOTHING = Object.fromEntries(
  TROUBLES.filter((kind) => !LATER.includes(kind)).map((kind) => [kind, 0]),
) as Record<Trouble, number>;

export type Changes = Partial<Omit<Scenario, 'perSecond'>> & {
  perSecond?: Partial<Record<Trouble, number>>;
};

/**
 * A story written by hand, in which nothing happens but what a test asks for: what its seed means does not change with
 * the knobs that are added to the swarm.
 */
export function quietScenario(seed: number, { perSecond, ...changes }: Changes): Scenario {
  return {
    seed,
    serve: false,
    studies: [quietStudy('study-0', seed)],
    workers: 1,
    slots: 2,
    keepGoing: true,
    walltimeMs: 0,
    troubleMs: 14_000,
    network: { longestMs: 3, lost: 0, doubled: 0, stuck: 0, stuckMs: 500 },
    disk: { longestMs: 20, failing: 0, deadly: 0, fullFromMs: 0, fullForMs: 0 },
    programs: {
      fates: {
        crashes: 0,
        hangs: 0,
        'is silent': 0,
        'reports NaN': 0,
        'is killed': 0,
        'runs out of memory': 0,
        'repeats steps': 0,
      },
      everyMs: 500,
      tail: 2,
      mostRows: 9,
      badMachines: 0,
      badSetup: false,
      held: false,
    },
    thinking: { longestMs: 10, deadly: 0 },
    points: {},
    dies: undefined,
    ...changes,
    perSecond: { ...NOTHING, ...perSecond },
  };
}

export function quietStudy(name: string, seed: number): SimulatedStudy {
  return {
    name,
    file: {
      objective: { metric: 'loss', direction: 'minimize' },
      space: { x: { type: 'float', low: 0, high: 1 }, y: { type: 'float', low: 0, high: 2 } },
      command: ['program'],
      budget: { trials: 16 },
      sampler: 'random',
      limits: { trial: '8s' },
    },
    seed,
    fromMs: 0,
  };
}
