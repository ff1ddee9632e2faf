// What a person says about a trial on its way. Asking for what is so already is no event.

import { errorInfo, type ErrorInfo } from '../errors/index.ts';
import type { Outcome, StudyCommand } from './command.ts';
import { trialEnd } from './decide-end.ts';
import { stopRequest } from './decide-report.ts';
import { isEnding, liveAttempt, type StudyState, type TrialRecord } from './state.ts';

type Of<K extends StudyCommand['kind']> = Extract<StudyCommand, { kind: K }>;

export function decideStopTrial(state: StudyState, command: Of<'stop-trial'>): Outcome {
  const { as, reason } = command;
  const trial = openTrial(state, command.trial);
  if ('refused' in trial) return trial;
  if (liveAttempt(trial) === undefined) return { events: [trialEnd(state, trial, as, reason)] };
  // A stop may still become a cancellation, not the other way round.
  const more = as === 'cancelled' && trial.stopping?.as !== 'cancelled';
  if (isEnding(trial) && !more) return { events: [] };
  return { events: [stopRequest(trial, as, reason)] };
}

export function decidePauseTrial(state: StudyState, command: Of<'pause-trial'>): Outcome {
  const { reason } = command;
  const trial = openTrial(state, command.trial);
  if ('refused' in trial) return trial;
  if (trial.state === 'paused' || trial.stopping?.as === 'paused') return { events: [] };
  if (liveAttempt(trial) === undefined) {
    return { events: [{ kind: 'trial-paused', v: 1, trial: trial.number, reason }] };
  }
  return { events: isEnding(trial) ? [] : [stopRequest(trial, 'paused', reason)] };
}

export function decideResumeTrial(state: StudyState, command: Of<'resume-trial'>): Outcome {
  const { reason } = command;
  const trial = openTrial(state, command.trial);
  if ('refused' in trial) return trial;
  if (trial.state === 'paused') {
    return { events: [{ kind: 'trial-resumed', v: 1, trial: trial.number, reason }] };
  }
  // Its attempt was told to end and will: there is no way back from that but the queue.
  return { events: trial.stopping?.as === 'paused' ? [stopRequest(trial, 'queued', reason)] : [] };
}

export function decideDrainTrial(state: StudyState, command: Of<'drain-trial'>): Outcome {
  const trial = openTrial(state, command.trial);
  if ('refused' in trial) return trial;
  if (liveAttempt(trial) === undefined || trial.stopping !== undefined) return { events: [] };
  return { events: [stopRequest(trial, 'queued', command.reason)] };
}

/** One that is told to end will write what it wants to keep without being asked. */
export function decideCheckpoint(state: StudyState, command: Of<'checkpoint-trial'>): Outcome {
  const trial = openTrial(state, command.trial);
  if ('refused' in trial) return trial;
  const { number, state: is, attempts } = trial;
  if (is !== 'running') {
    const data = { trial: number, state: is, needed: 'running' };
    return { refused: errorInfo('trial.state', 'trial', data) };
  }
  if (trial.stopping !== undefined) return { events: [] };
  const asked = { trial: number, attempt: attempts.length, reason: command.reason };
  return { events: [{ kind: 'checkpoint-requested', v: 1, ...asked }] };
}

function openTrial(state: StudyState, number: number): TrialRecord | { refused: ErrorInfo } {
  const trial = state.trials[number];
  if (trial === undefined) {
    return { refused: errorInfo('trial.not-found', 'trial', { trial: number }) };
  }
  const { state: is } = trial;
  if (is === 'queued' || is === 'running' || is === 'paused') return trial;
  return { refused: errorInfo('trial.ended', 'trial', { trial: number, state: is }) };
}
