// A runner without processes: the test says what happens.

import type { Assignment } from '@fleetune/protocol';
import type { AttemptSink, Interruption, Outcome, Runner } from '../runner.ts';

export interface ScriptedAttempt {
  readonly assignment: Assignment;
  readonly reported: number[];
  readonly checkpoints: string[];
  stopped?: Interruption;
  killed: boolean;
  report(acc: number): void;
  /** Its process is gone, and has not said everything. */
  exit(): void;
  /** After it ran for so long. Only the first end counts. */
  end(end: Outcome['end'], ms?: number): void;
}

export interface ScriptedRunner {
  readonly runner: Runner;
  /** Grows with every start. */
  readonly attempts: ScriptedAttempt[];
  /** Trials that were made ready. */
  readonly prepared: number[];
}

export function scriptedRunner(): ScriptedRunner {
  const attempts: ScriptedAttempt[] = [];
  const prepared: number[] = [];
  const runner: Runner = {
    prepare(assignment) {
      prepared.push(assignment.trial);
      return {
        begun: () => false,
        start: (sink) => runner.start(assignment, sink),
        discard: (done) => done(),
      };
    },
    start(assignment, sink) {
      const attempt = scripted(assignment, sink);
      attempts.push(attempt);
      return {
        checkpoint: (reason) => attempt.checkpoints.push(reason),
        stop: (interruption) => (attempt.stopped ??= interruption),
        kill: () => (attempt.killed = true),
      };
    },
    close: () => Promise.resolve(),
  };
  return { runner, attempts, prepared };
}

function scripted(assignment: Assignment, sink: AttemptSink): ScriptedAttempt {
  const reported: number[] = [];
  let over = false;
  return {
    assignment,
    reported,
    checkpoints: [],
    killed: false,
    report(acc) {
      reported.push(acc);
      sink.report({ metrics: { acc } });
    },
    exit: () => sink.exited(),
    end(end, ms = 1) {
      if (over) return;
      over = true;
      sink.ended({ end, why: 'as the test says', spawnedUs: 1, exitedUs: 1 + 1000 * ms });
    },
  };
}
