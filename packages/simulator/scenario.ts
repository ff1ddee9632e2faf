import type { TroublePoint } from '@fleetune/platform';
import type { StudyFile } from './draw-study.ts';
import type { DEADLY_MARKS } from './faults/strikes.ts';

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
  /** While there is trouble, the engine ends an allocation after about so long; 0: never. */
  walltimeMs: number;
  /** Faults and people's commands come until then; afterwards everything must come to its end. */
  troubleMs: number;
  network: NetworkFaults;
  disk: DiskFaults;
  programs: ProgramKnobs;
  thinking: ThinkingKnobs;
  /** Per second of trouble, how likely each is. */
  perSecond: Record<Trouble, number>;
  /** How likely each of the production code's trouble points fires; the absent ones never do. */
  points: Partial<Record<TroublePoint, number>>;
  /** The coordinator dies, this likely, whenever it comes by there. */
  dies: { at: (typeof DEADLY_MARKS)[number]; chance: number } | undefined;
}

export interface SimulatedStudy {
  name: string;
  /** As people have written it, and edit it later. */
  file: StudyFile;
  seed: number;
  /** At most so many attempts at a time. */
  slots?: number;
  /** Its trials go to programs with a loop of their own: so many. */
  askers?: number;
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

export interface DiskFaults {
  /** The longest that a write takes. */
  longestMs: number;
  /** How likely a write fails. */
  failing: number;
  /** How likely the process dies of a write, half done. */
  deadly: number;
  /** It is full from then, for so long. */
  fullFromMs: number;
  fullForMs: number;
}

export interface ProgramKnobs {
  /** Shares of programs that do not simply complete. */
  fates: Record<Fate, number>;
  /** Time between two reports: the least, and the exponent of its Pareto tail (smaller is heavier). */
  everyMs: number;
  tail: number;
  mostRows: number;
  /** On so many machines every program crashes at once, or the study's setup does. */
  badMachines: number;
  badSetup: boolean;
  /** The next one of a slot is spawned ahead, and held until the present one is gone. */
  held: boolean;
}

export type Fate =
  | 'crashes'
  | 'hangs'
  | 'is silent'
  | 'reports NaN'
  | 'is killed'
  | 'runs out of memory'
  | 'repeats steps';

export interface ThinkingKnobs {
  /** A suggestion of the advisor's thread takes up to this. */
  longestMs: number;
  /** How likely the thread dies of one. */
  deadly: number;
}

export const TROUBLES = [
  'worker-killed',
  'worker-frozen',
  'zombie-twin',
  'worker-twice',
  'worker-never',
  'worker-clock',
  'worker-preempted',
  'partition',
  'swizzle',
  'coordinator-killed',
  'coordinator-frozen',
  'coordinator-clock',
  'coordinator-restarted',
  'enqueue',
  'edit',
  'stop-trial',
  'cancel-trial',
  'pause-trial',
  'drain-trial',
  'checkpoint-trial',
  'checkpoint-worker',
  'revise-trial',
  'pause-study',
  'pause-worker',
  'drain-worker',
  'stop-worker',
  'stop-study',
  'drain',
  'quit',
] as const;

export type Trouble = (typeof TROUBLES)[number];

/** Where they are, what was said may be lost for longer than a few messages take. */
export const UNRELIABLE: readonly Trouble[] = [
  'worker-frozen',
  'zombie-twin',
  'worker-twice',
  'partition',
  'swizzle',
  'coordinator-frozen',
];
