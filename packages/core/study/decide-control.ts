import { errorInfo } from '../errors/index.ts';
import type { Outcome, StudyCommand } from './command.ts';
import type { StudyState } from './state.ts';

type Of<K extends StudyCommand['kind']> = Extract<StudyCommand, { kind: K }>;

export function decidePause(state: StudyState, { reason }: Of<'pause-study'>): Outcome {
  if (state.run === undefined) return { refused: errorInfo('study.not-running', '', {}) };
  if (state.paused !== undefined) return { events: [] };
  return { events: [{ kind: 'study-paused', v: 1, reason }] };
}

export function decideResume(state: StudyState, { reason }: Of<'resume-study'>): Outcome {
  if (state.paused === undefined) {
    // Whoever asks would believe that it runs.
    return state.run === undefined
      ? { refused: errorInfo('study.not-running', '', {}) }
      : { events: [] };
  }
  return { events: [{ kind: 'study-resumed', v: 1, reason }] };
}

export function decideHold(
  state: StudyState,
  command: Of<'drain-worker' | 'quarantine-worker' | 'release-worker'>,
): Outcome {
  const { kind, worker: name, reason } = command;
  const worker = state.workers.get(name);
  const away = worker === undefined && state.quarantine[name] !== undefined;
  if (worker === undefined && !(away && kind === 'release-worker')) {
    return { refused: errorInfo('worker.unknown', 'worker', { worker: name }) };
  }
  const held = away ? 'quarantined' : worker?.held?.as;
  const event = { v: 1, worker: name, reason } as const;
  switch (kind) {
    case 'drain-worker':
      return { events: held === 'drained' ? [] : [{ kind: 'worker-drained', ...event }] };
    case 'quarantine-worker':
      return { events: held === 'quarantined' ? [] : [{ kind: 'worker-quarantined', ...event }] };
    case 'release-worker':
      return { events: held === undefined ? [] : [{ kind: 'worker-released', ...event }] };
  }
}
