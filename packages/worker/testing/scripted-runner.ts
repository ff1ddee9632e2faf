// A runner without processes: the test says what happens.

import type { Assignment } from '@fleetune/protocol';
import type { AttemptSink, Interruption, Outcome, Runner } from '../runner.ts';

export interface ScriptedAttempt {
  readonly assignment: Assignment;
  readonly reported: number[];
  stopped?: Interruption;
  killed: boolean;
  report(acc: number): void;
  end(end: Outcome['end']): void;
}

/** `attempts` grows with every start. */
export function scriptedRunner(): { runner: Runner; attempts: ScriptedAttempt[] } {
  const attempts: ScriptedAttempt[] = [];
  const runner: Runner = {
    start(assignment, sink) {
      const attempt = scripted(assignment, sink);
      attempts.push(attempt);
      return {
        stop: (interruption) => (attempt.stopped ??= interruption),
        kill: () => (attempt.killed = true),
      };
    },
    close: () => Promise.resolve(),
  };
  return { runner, attempts };
}

function scripted(assignment: Assignment, sink: AttemptSink): ScriptedAttempt {
  const reported: number[] = [];
  return {
    assignment,
    reported,
    killed: false,
    report(acc) {
      reported.push(acc);
      sink.report({ metrics: { acc } });
    },
    end: (end) => sink.ended({ end, why: 'as the test says', spawnedUs: 1, exitedUs: 2 }),
  };
}
