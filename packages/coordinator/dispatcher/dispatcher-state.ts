import type { Clock } from '@fleetune/platform';
import type { StudyHost } from '../study-host.ts';
import type { WorkerRecord } from './worker-table.ts';

export interface DispatcherOptions {
  clock: Clock;
  /** An attempt goes on without its worker's word for this long. */
  leaseTtlMs: number;
  /** The study has nothing running and nothing will come. */
  onFinished(host: StudyHost): void;
}

/** A study whose trials are handed out. */
export interface ActiveStudy {
  host: StudyHost;
  /** Where its trials' files go. */
  files: string;
  /** Starts no more trials. */
  closed: boolean;
  /** It has no command: its trials go to those who ask for them, never to a worker. */
  asked: boolean;
}

export interface DispatcherState {
  readonly options: DispatcherOptions;
  readonly workers: Map<string, WorkerRecord>;
  readonly studies: ActiveStudy[];
  /** Incarnations that are over: a message of theirs that comes late must not undo what came after them. */
  readonly gone: Set<string>;
  /** Nobody gets trials any more, and why. */
  draining: string | undefined;
  /** Takes and says nothing more. */
  closed: boolean;
  /** Everyone has to leave, also who comes later, and why. */
  quit: string | undefined;
}

/** Resolves when everything that the studies were told so far is durable. */
export function commitAll(state: DispatcherState): Promise<unknown> {
  return Promise.all(state.studies.map(({ host }) => host.commit()));
}
