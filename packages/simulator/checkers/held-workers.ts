import type { StudyEvent } from '@fleetune/core';
import type { MakeChecker } from './watch.ts';

/** So many trials in a row have to crash without a word before their worker is to blame. */
const TRIALS = 3;

type Of<K extends StudyEvent['kind']> = Extract<StudyEvent, { kind: K }>;

interface Known {
  /** It gets nothing new. */
  held: boolean;
  /** Trials that crashed there without a word, and nothing better since. */
  row: Set<number>;
  /** The last attempt there was taken back before it said a word. */
  takenBack: boolean;
}

/** A worker is put into quarantine only for what the log shows, and no trial begins on one that is held. */
export const heldWorkers: MakeChecker = (_world, broken) => {
  const workers = new Map<string, Known>();
  const workerOf = (study: string, worker: string): Known => {
    const key = `${study}/${worker}`;
    const known = workers.get(key) ?? { held: false, row: new Set(), takenBack: false };
    workers.set(key, known);
    return known;
  };
  return {
    onEvent(event, { name, state }) {
      if (event.kind === 'attempt-ended') {
        const { worker, rows } = state.trials[event.trial]!.attempts[event.attempt - 1]!;
        return follow(workerOf(name, worker), event, rows);
      }
      if (!('worker' in event) || typeof event.worker !== 'string') return;
      const known = workerOf(name, event.worker);
      if (event.kind === 'attempt-started' && known.held) {
        broken(`${name}, trial ${event.trial} begins on ${event.worker}, which is held`);
      }
      if (event.kind === 'worker-quarantined' && !mayHold(known, event)) {
        const { reason } = event;
        broken(
          `${name}: ${event.worker} is in quarantine for ${known.row.size} trials (${reason.code})`,
        );
      }
      if (HOLDING.has(event.kind)) known.held = true;
      if (FREEING.has(event.kind)) known.held = false;
    },
  };
};

const HOLDING = new Set<StudyEvent['kind']>(['worker-drained', 'worker-quarantined']);
const FREEING = new Set<StudyEvent['kind']>(['worker-released', 'worker-left', 'worker-joined']);

function mayHold({ row, takenBack }: Known, { reason }: Of<'worker-quarantined'>): boolean {
  return reason.code === 'setup-failed' ? takenBack : row.size >= TRIALS;
}

function follow(known: Known, { trial, end, told = end }: Of<'attempt-ended'>, rows: number): void {
  const { row } = known;
  known.takenBack = told === 'preempted' && rows === 0;
  if (rows > 0) row.clear();
  else if (end === 'crashed' || end === 'out-of-memory') row.add(trial);
}
