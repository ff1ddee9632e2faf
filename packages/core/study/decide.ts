import { errorInfo } from '../errors/index.ts';
import type { Outcome, StudyCommand } from './command.ts';
import { decideHold, decidePause, decideResume } from './decide-control.ts';
import { decideEnd } from './decide-end.ts';
import { decideReport } from './decide-report.ts';
import { decideCorrect, decideDiscard, decideRetry } from './decide-revision.ts';
import { decideEndRun, decideResumeRun, decideStartRun, decideTick } from './decide-run.ts';
import { decideChangeSpec, decideCreate } from './decide-spec.ts';
import {
  decideCheckpoint,
  decideDrainTrial,
  decidePauseTrial,
  decideResumeTrial,
  decideStopTrial,
} from './decide-trial-control.ts';
import { decideEnqueue, decideStart } from './decide-trial.ts';
import { decideSlotLeft, decideWorkerJoined, decideWorkerLeft } from './decide-worker.ts';
import type { StudyState } from './state.ts';

/**
 * What a command means for the study now: the facts that it makes true, or why it is refused.
 * Changes nothing that an answer depends on; the caller evolves the state by the events, all of
 * them.
 */
export function decide(state: StudyState, command: StudyCommand, now: number): Outcome {
  if (command.kind === 'create') return decideCreate(state, command.spec);
  if (state.spec === undefined) return { refused: errorInfo('study.not-created', '', {}) };
  switch (command.kind) {
    case 'change-spec':
      return decideChangeSpec(state, command);
    case 'start-run':
      return decideStartRun(state, command);
    case 'resume-run':
      return decideResumeRun(state);
    case 'end-run':
      return decideEndRun(state, command);
    case 'tick':
      return decideTick(state, now);
    case 'worker-joined':
      return decideWorkerJoined(state, command);
    case 'worker-left':
      return decideWorkerLeft(state, command);
    case 'slot-left':
      return decideSlotLeft(state, command);
    case 'start-attempt':
      return decideStart(state, command, now);
    case 'report':
      return decideReport(state, command);
    case 'end-attempt':
      return decideEnd(state, command, now);
    case 'enqueue':
      return decideEnqueue(state, command);
    case 'stop-trial':
      return decideStopTrial(state, command);
    case 'pause-trial':
      return decidePauseTrial(state, command);
    case 'resume-trial':
      return decideResumeTrial(state, command);
    case 'drain-trial':
      return decideDrainTrial(state, command);
    case 'checkpoint-trial':
      return decideCheckpoint(state, command);
    case 'pause-study':
      return decidePause(state, command);
    case 'resume-study':
      return decideResume(state, command);
    case 'retry-trial':
      return decideRetry(state, command);
    case 'discard-trial':
      return decideDiscard(state, command);
    case 'correct-trial':
      return decideCorrect(state, command);
    case 'drain-worker':
    case 'quarantine-worker':
    case 'release-worker':
      return decideHold(state, command);
  }
}
