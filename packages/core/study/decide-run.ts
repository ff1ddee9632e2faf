import { errorInfo } from '../errors/index.ts';
import type { Outcome, StudyCommand } from './command.ts';
import { attemptEnd } from './decide-end.ts';
import { stopRequest } from './decide-report.ts';
import type { StudyEventBody, Waits } from './event.ts';
import { overBecause, targetHit } from './next-work.ts';
import type { StudyState, TrialRecord, WorkerRecord } from './state.ts';

type Of<K extends StudyCommand['kind']> = Extract<StudyCommand, { kind: K }>;

/** Workers of a run that was killed are gone, and so is what they ran. */
export function decideStartRun(state: StudyState, command: Of<'start-run'>): Outcome {
  const { slots, keepGoing } = command;
  // First, since it closes the killed run at the event before it.
  const events: StudyEventBody[] = [{ kind: 'run-started', v: 1, slots, keepGoing }];
  const killed: StudyState = { ...state, run: undefined };
  for (const [name, worker] of state.workers) events.push(...lost(killed, name, worker));
  return { events };
}

export function decideEndRun(state: StudyState, command: Of<'end-run'>): Outcome {
  if (state.run === undefined) return { events: [] };
  const { end, reason } = command;
  const running = state.counts.running;
  const interrupts = end === 'drained' || end === 'stopped';
  // A search that has come to its end has nothing running; an interrupted one may leave attempts
  // behind, as a kill does.
  if (running > 0 && !interrupts) return { refused: errorInfo('study.busy', '', { running }) };
  return { events: [{ kind: 'run-ended', v: 1, end, reason }] };
}

/**
 * At the end of the time budget, or once the target is reached, what still runs is told to stop.
 */
export function decideTick(state: StudyState, now: number): Outcome {
  return { events: [...stopsWhenOver(state, now)] };
}

function stopsWhenOver(state: StudyState, now: number): StudyEventBody[] {
  if (state.live.size === 0) return [];
  const over = overBecause(state, now);
  if (over === undefined || over.end === 'start-crash') return [];
  const winner = over.end === 'target' ? targetHit(state) : undefined;
  return liveTrials(state)
    .filter((trial) => trial.stopping === undefined && trial.number !== winner)
    .map((trial) => stopRequest(trial, 'stopped', over.reason));
}

/**
 * A worker's name is new with every process, so another process under it means that the first is
 * gone.
 */
export function decideWorkerJoined(state: StudyState, command: Of<'worker-joined'>): Outcome {
  const { worker, host, pid, slots } = command;
  const known = state.workers.get(worker);
  const same = known?.host === host && known.pid === pid && known.slots.length === slots;
  if (known !== undefined && same) return { events: [] };
  const before = known === undefined ? [] : lost(state, worker, known);
  return { events: [...before, { kind: 'worker-joined', v: 1, worker, host, pid, slots }] };
}

export function decideWorkerLeft(state: StudyState, command: Of<'worker-left'>): Outcome {
  const { worker: name, how, atUs, idle } = command;
  const worker = state.workers.get(name);
  if (worker === undefined) return { events: [] };
  const ends = liveTrials(state, worker).flatMap((trial) =>
    attemptEnd(state, trial, { end: 'lost' }),
  );
  return { events: [...ends, { kind: 'worker-left', v: 1, worker: name, how, atUs, idle }] };
}

/**
 * A worker that said no last word: its time ends with the run's last sign of life, by the
 * coordinator's clock.
 */
function lost(state: StudyState, name: string, worker: WorkerRecord): StudyEventBody[] {
  const endedAt = state.run?.aliveAt ?? state.lastAt;
  const atUs = Math.max(0, endedAt - worker.joinedAt) * 1000;
  const idle: Waits[] = [];
  const ends = liveTrials(state, worker).flatMap((trial) =>
    attemptEnd(state, trial, { end: 'lost' }),
  );
  return [...ends, { kind: 'worker-left', v: 1, worker: name, how: 'lost', atUs, idle }];
}

/** By number, so that the order does not depend on how the state came about. */
function liveTrials(state: StudyState, worker?: WorkerRecord): TrialRecord[] {
  const numbers =
    worker === undefined
      ? [...state.live]
      : worker.slots.flatMap((slot) => (slot.trial === undefined ? [] : [slot.trial]));
  return numbers.sort((a, b) => a - b).map((number) => state.trials[number]!);
}
