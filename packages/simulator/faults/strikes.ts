import type { Mark, TroublePoint } from '@fleetune/platform';
import { TROUBLES, type Fate, type Trouble } from '../scenario.ts';

/** A new one does not compile until it stands here, and is drawn and counted. */
const POINTS: Record<TroublePoint, true> = {
  'answer-lost': true,
  'batch-small': true,
  'reserve-returned': true,
  'poll-cut-short': true,
  'reserve-recalled': true,
  'worker-forgotten': true,
  'snapshot-early': true,
  'suggestion-dear': true,
};

export const TROUBLE_POINTS = Object.keys(POINTS) as TroublePoint[];

const FATES: Record<Fate, true> = {
  crashes: true,
  hangs: true,
  'is silent': true,
  'reports NaN': true,
  'is killed': true,
  'runs out of memory': true,
  'repeats steps': true,
};

/** Marks on the coordinator's way where its death is worst. */
export const DEADLY_MARKS = [
  'committed-unanswered',
  'registration-replaces',
  'assignment-again',
  'lease-expired',
  'worker-restored',
  'end-told-again',
  'run-over',
] as const satisfies readonly Mark[];

const OTHERS = [
  'message-lost',
  'message-doubled',
  'message-stuck',
  'message-overtaken',
  'cable-cut-out',
  'cable-cut-back',
  'write-failed',
  'disk-full',
  'write-vanished',
  'write-torn',
  'write-unanswered',
  'thread-died',
  'machine-bad',
  'setup-failed',
  'allocation-over',
  'asker-vanished',
  'asker-suspended',
  'told-again',
  'discarded-too-late',
] as const;

/** What goes wrong in a story, each as it is counted when it really does. */
export type Strike =
  | Trouble
  | TroublePoint
  | Fate
  | `died at ${(typeof DEADLY_MARKS)[number]}`
  | (typeof OTHERS)[number];

export const STRIKES: readonly Strike[] = [
  ...TROUBLES,
  ...TROUBLE_POINTS,
  ...(Object.keys(FATES) as Fate[]),
  ...DEADLY_MARKS.map((mark) => `died at ${mark}` as const),
  ...OTHERS,
];
