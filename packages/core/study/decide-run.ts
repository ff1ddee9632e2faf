import { errorInfo } from '../errors/index.ts';
import type { Outcome, StudyCommand } from './command.ts';
import { stopRequest } from './decide-report.ts';
import { byNumber, lost } from './decide-worker.ts';
import type { StudyEventBody } from './event.ts';
import { limitReached, targetHit } from './next-work.ts';
import type { StudyState } from './state.ts';

type Of<K extends StudyCommand['kind']> = Extract<StudyCommand, { kind: K }>;

/** Workers of a run that was killed are gone, and so is what they ran. */
export function decideStartRun(state: StudyState, command: Of<'start-run'>): Outcome {
  const { slots, keepGoing } = command;
  // First, since it closes the killed run at the event before it.
  const events: StudyEventBody[] = [{ kind: 'run-started', v: 1, slots, keepGoing }];
  // What people changed since is no sign of life, and no loss of that run speaks against a trial.
  const { run } = state;
  const killed: StudyState = { ...state, run: run && { ...run, startedAt: Infinity } };
  for (const worker of state.workers.values()) events.push(...lost(killed, worker));
  return { events };
}

export function decideResumeRun(state: StudyState): Outcome {
  if (state.run === undefined) return { refused: errorInfo('study.not-running', '', {}) };
  return { events: [{ kind: 'run-resumed', v: 1 }] };
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
  const over = limitReached(state, now);
  if (over === undefined) return [];
  const winner = over.end === 'target' ? targetHit(state) : undefined;
  // What has not begun goes back to the queue, even if it begins before the worker hears of that.
  return byNumber(state, state.live)
    .filter((trial) => trial.stopping === undefined && trial.number !== winner)
    .map((trial) => {
      const as = trial.state === 'running' ? 'stopped' : 'queued';
      return stopRequest(trial, as, over.reason);
    });
}
