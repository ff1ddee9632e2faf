// Scenarios that chance alone would draw too rarely.

import type { RandomStream } from '@fleetune/core';
import { DEADLY_MARKS } from './faults/strikes.ts';
import { UNRELIABLE, type Scenario, type Trouble } from './scenario.ts';

type DeadlyMark = (typeof DEADLY_MARKS)[number];

/** The coordinator dies where that is worst, in a story that brings it there. */
export function withDeaths(drawn: Scenario, random: RandomStream): Scenario {
  const at = DEADLY_MARKS[random.int(DEADLY_MARKS.length)]!;
  const often = OFTEN.includes(at);
  const { network, points, perSecond } = drawn;
  return {
    ...drawn,
    serve: drawn.serve || at === 'worker-restored' || at === 'assignment-again',
    // A lease and the longest wait of a worker have to end in it, or all of a run.
    troubleMs: Math.max(at === 'run-over' ? 120_000 : 40_000, drawn.troubleMs),
    network: { ...network, lost: Math.max(0.1, network.lost) },
    perSecond: { ...perSecond, ...BRINGING[at] },
    points: { ...points, ...(at === 'end-told-again' && { 'worker-forgotten': 0.2 }) },
    dies: { at, chance: often ? 0.05 + 0.6 * random.next() ** 3 : 0.5 + 0.5 * random.next() },
  };
}

/** It comes by there again and again. */
const OFTEN: readonly DeadlyMark[] = ['committed-unanswered', 'worker-restored'];

const BRINGING: Record<DeadlyMark, Partial<Record<Trouble, number>>> = {
  'committed-unanswered': {},
  'registration-replaces': { 'worker-twice': 0.2, 'worker-killed': 0.3 },
  'assignment-again': { 'coordinator-killed': 0.3, partition: 0.2 },
  'lease-expired': { 'worker-never': 0.2, 'worker-killed': 0.2, 'coordinator-killed': 0 },
  'worker-restored': { 'coordinator-killed': 0.2 },
  'end-told-again': {},
  'run-over': {},
};

/**
 * Slots that wait for work are rare where there is always more of it: here there are more slots than trials, which
 * crash and come again, in a cluster that is too quick and too reliable to excuse one that idles.
 */
export function withWaitingSlots(drawn: Scenario, random: RandomStream): Scenario {
  const quiet = Object.fromEntries(UNRELIABLE.map((kind) => [kind, 0]));
  return {
    ...drawn,
    studies: drawn.studies.map(({ askers: _askers, ...study }) => ({
      ...study,
      file: {
        ...study.file,
        command: ['program'],
        budget: { trials: 2 + random.int(5) },
        retries: 1 + random.int(3),
      },
    })),
    workers: 1 + random.int(4),
    slots: 2 + random.int(3),
    keepGoing: true,
    network: { longestMs: 1 + random.int(10), lost: 0, doubled: 0, stuck: 0, stuckMs: 0 },
    disk: { longestMs: random.int(20), failing: 0, deadly: 0, fullFromMs: 0, fullForMs: 0 },
    programs: {
      ...drawn.programs,
      fates: { ...drawn.programs.fates, crashes: 0.5, hangs: 0 },
      everyMs: 100 + random.int(400),
      badMachines: 0,
    },
    perSecond: { ...drawn.perSecond, ...quiet, enqueue: 0.3 },
    points: {},
    dies: undefined,
  };
}
