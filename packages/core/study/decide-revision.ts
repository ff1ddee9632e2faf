import { errorInfo, type ErrorInfo } from '../errors/index.ts';
import type { Outcome, StudyCommand } from './command.ts';
import type { TrialState } from './event.ts';
import { lossOf, specOf, type StudyState, type TrialRecord } from './state.ts';
import { fromWire, toWire } from './wire-number.ts';

type Of<K extends StudyCommand['kind']> = Extract<StudyCommand, { kind: K }>;

export function decideRetry(state: StudyState, command: Of<'retry-trial'>): Outcome {
  const { trial: number, reason } = command;
  const trial = inState(state, number, ['failed', 'stopped', 'infeasible']);
  if ('refused' in trial) return trial;
  return { events: [{ kind: 'trial-retried', v: 1, trial: number, reason }] };
}

export function decideDiscard(state: StudyState, command: Of<'discard-trial'>): Outcome {
  const { trial: number, reason } = command;
  if (state.trials[number]?.discarded) return { events: [] };
  const trial = inState(state, number, ['completed', 'stopped', 'failed', 'infeasible']);
  if ('refused' in trial) return trial;
  return { events: [{ kind: 'trial-discarded', v: 1, trial: number, reason }] };
}

export function decideCorrect(state: StudyState, command: Of<'correct-trial'>): Outcome {
  const { trial: number, value: wire, by, reason } = command;
  const trial = inState(state, number, ['completed', 'stopped']);
  if ('refused' in trial) return trial;
  const value = fromWire(wire);
  if (trial.value === undefined) {
    const data = { trial: number, state: `${trial.state} without a value`, needed: 'with a value' };
    return { refused: errorInfo('trial.state', 'trial', data) };
  }
  if (Number.isNaN(value) || lossOf(specOf(state), value) === -Infinity) {
    const data = { expected: 'a number that is not infinitely good', got: wire };
    return { refused: errorInfo('input.value', 'value', data) };
  }
  if (value === trial.value) return { events: [] };
  const was = toWire(trial.value);
  return {
    events: [{ kind: 'trial-corrected', v: 1, trial: number, value: wire, was, by, reason }],
  };
}

function inState(
  state: StudyState,
  number: number,
  allowed: TrialState[],
): TrialRecord | { refused: ErrorInfo } {
  const trial = state.trials[number];
  if (trial === undefined) {
    return { refused: errorInfo('trial.not-found', 'trial', { trial: number }) };
  }
  if (allowed.includes(trial.state)) return trial;
  const data = { trial: number, state: trial.state, needed: allowed.join(' or ') };
  return { refused: errorInfo('trial.state', 'trial', data) };
}
