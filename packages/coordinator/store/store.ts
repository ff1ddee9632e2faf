// The store port. Two rules: the log is the truth and the tables are projections written in the same transaction; and
// an `append` has resolved only when its transaction is on disk.

import type {
  LineText,
  Params,
  StudyEvent,
  StudySpec,
  TrialState,
  WireNumber,
} from '@fleetune/core';

/** One row of the study table: what `study list` shows without a replay. */
export interface StudyRow {
  id: number;
  name: string;
  spec: StudySpec;
  createdAt: number;
  /** Id of the last event. */
  lastEvent: number;
  state: 'created' | 'running' | 'ended';
  trials: Record<TrialState, number>;
  incumbent?: { trial: number; value: WireNumber; step?: number };
}

/** One row of the trial table: what `trial list` and export show. */
export interface TrialRow {
  number: number;
  state: TrialState;
  params: Params;
  attempts: number;
  sampler: string;
  value?: WireNumber;
  step?: number;
  /** Last values of all kept metrics. */
  metrics: Record<string, WireNumber>;
  reports: number;
  createdAt: number;
  startedAt?: number;
  endedAt?: number;
  /** Why it is in this state, for people. */
  reason: string;
  tail?: string[];
}

export interface Append {
  study: number;
  /** Ids follow on from the stored log. */
  events: StudyEvent[];
  /** The study row and the trial rows that these events changed. */
  row: Omit<StudyRow, 'id' | 'name' | 'createdAt' | 'spec'> & { spec?: StudySpec };
  trials: TrialRow[];
  /** The snapshot as of the last event, when one is due: the lines that changed since the last one. */
  snapshot?: SnapshotLine[];
}

/** One line of a state's text (see core's snapshot.ts). */
export interface SnapshotLine extends LineText {
  line: number;
}

/** The running process that owns the database (DESIGN §15.2). */
export interface Owner {
  pid: number;
  /** `processStart(pid)` of @fleetune/platform/node, so that a reused pid is not mistaken for it. */
  startedAt: number;
  host: string;
  url: string;
  /** A 0600 file with the token. */
  tokenFile: string;
}

export interface Store {
  /** It keeps nothing, and is given no rows: for a study of which only the live state is looked at. */
  readonly forgets?: true;
  studies(): StudyRow[];
  study(name: string): StudyRow | undefined;
  /** Creates the row; the first `append` brings the first events. Refused (`study.exists`) when the name is taken. */
  createStudy(name: string, spec: StudySpec, at: number): StudyRow;
  deleteStudy(id: number): void;
  /**
   * Resolves when durable. Appends of one study are durable in the order of the calls; many appends share one sync, and
   * of several studies some may be durable without the others.
   * `take` is asked once, when the store is about to write: what comes until then goes with it.
   */
  append(take: () => Append): Promise<void>;
  /** Events with id > after, ascending; of one kind, or all. */
  events(
    study: number,
    after: number,
    limit?: number,
    kind?: StudyEvent['kind'],
  ): Iterable<StudyEvent>;
  /** What the events with after < id <= until say of a trial. It looks at all of them: ask for few where others wait. */
  trialEvents(study: number, trial: number, after: number, until: number): StudyEvent[];
  /** The heads of all lines of the latest one, and the last event in it; nothing of a damaged one. */
  snapshot(study: number): { event: number; heads: string[] } | undefined;
  /** The trials of one line as they were at that event; nothing where they are damaged or were written again since. */
  snapshotTrials(study: number, line: number, event: number): string | undefined;
  trials(
    study: number,
    filter?: { state?: TrialState; after?: number; limit?: number },
  ): TrialRow[];
  trial(study: number, number: number): TrialRow | undefined;
  /** The stored row; the process that it names may be dead (`isLiving`). */
  owner(): Owner | undefined;
  /**
   * Takes ownership, or throws `store.owned` naming the living owner. An owner on another host cannot be checked
   * from here and counts as living, unless the caller knows better and names it in `gone`. From then on a write of
   * a deposed owner fails with `store.owned`.
   */
  claim(owner: Owner, gone?: Owner): void;
  /** Gives up what `claim` took; `close` does it too. */
  release(): void;
  close(): Promise<void>;
}
