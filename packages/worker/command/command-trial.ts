import type { Clock } from '@fleetune/platform';
import type { Assignment } from '@fleetune/protocol';
import type { Guard } from '../guard/guard.ts';
import { createMetricRows, type MetricRows } from '../metrics/metric-row.ts';
import type { AttemptSink, RunningAttempt } from '../runner.ts';
import type { HeldProcess, ProcessEvents, ProcessSpec, Spawner } from '../spawner/spawner.ts';
import type { TrialProcess } from '../spawner/trial-process.ts';
import type { TrialDoor, TrialServer } from '../trial-server/trial-server.ts';
import { askForCheckpoint, forgetCheckpoint } from './checkpoint-request.ts';
import { createLogFile } from './log-file.ts';
import { metricSource, type MetricSource } from './metric-source.ts';
import { createTrialEnding, type TrialEnding } from './trial-ending.ts';
import type { OomWatch } from './out-of-memory.ts';
import { verdict, type Ending, type Verdict } from './outcome.ts';
import { createOutputTail } from './output-tail.ts';
import { servedTrial } from './served-trial.ts';
import { startFailure } from './start-failure.ts';
import type { TrialAccess } from './trial-environment.ts';

export interface TrialStart {
  process: ProcessSpec;
  folder: string;
  checkpointFolder: string;
  attempt: number;
  metricsFile: string | undefined;
  mark: string;
}

export interface TrialParts {
  clock: Clock;
  server: TrialServer;
  guard: Guard;
  spawner: Spawner;
  oom: OomWatch;
}

/** A program whose rows the coordinator can't take is held up: memory is bounded, no row is lost. */
const MOST_BACKLOG = 100_000;

interface Trial extends TrialParts {
  readonly assignment: Assignment;
  readonly rows: MetricRows;
  readonly done: PromiseWithResolvers<void>;
  readonly ending: TrialEnding;
  /** Whom it tells, once it has begun. */
  sink: AttemptSink;
  door?: TrialDoor;
  /** What is to be started, once that is known. */
  start?: TrialStart;
  source?: MetricSource;
  held?: HeldProcess;
  process?: TrialProcess;
  pid?: number;
  spawnedUs: number;
  exitedUs: number;
  checkpointAsked: boolean;
}

/** One attempt before its begin. */
export interface PreparedTrial {
  /** Does ahead of time everything that the start would have to do, and begins untold when `before` is gone. */
  makeReady(before: PreparedTrial | undefined): void;
  begun(): boolean;
  /** `settled`: its files are closed. */
  start(sink: AttemptSink): RunningAttempt & { settled: Promise<void> };
  /** Instead of `start`; calls back when it is sure that it does not begin. */
  discard(done: () => void): void;
  process(): TrialProcess | undefined;
}

export function prepareTrial(
  assignment: Assignment,
  parts: TrialParts,
  prepare: (access: TrialAccess) => TrialStart,
): PreparedTrial {
  const trial = newTrial(assignment, parts);
  return {
    makeReady(before) {
      try {
        const start = makeReady(trial, prepare);
        trial.held = parts.spawner.hold(start.process, eventsOf(trial, start), before?.process());
      } catch {
        // The start tries again, and tells.
      }
    },
    begun: () => trial.held?.begun() ?? false,
    start(sink) {
      trial.sink = sink;
      const now = micros(parts.clock.monotonic());
      Object.assign(trial, { spawnedUs: now, exitedUs: now });
      try {
        const start = makeReady(trial, prepare);
        trial.process =
          trial.held?.begin() ?? parts.spawner.start(start.process, eventsOf(trial, start));
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        queueMicrotask(() => finish(trial, { end: 'crashed', why }));
        trial.done.resolve();
      }
      const { stop, kill } = trial.ending;
      const checkpoint = (reason: string): void => askCheckpoint(trial, reason);
      return { settled: trial.done.promise, checkpoint, stop, kill };
    },
    discard(done) {
      const gone = (): void => {
        trial.door?.close();
        void trial.source?.end();
        done();
      };
      if (trial.held === undefined) gone();
      else trial.held.discard(gone);
    },
    process: () => trial.process,
  };
}

function newTrial(assignment: Assignment, parts: TrialParts): Trial {
  const trial: Trial = {
    ...parts,
    assignment,
    sink: NOBODY,
    rows: createMetricRows(assignment.program, (row) => trial.sink.report(row)),
    done: Promise.withResolvers(),
    ending: createTrialEnding(assignment.program.limits, parts.clock, {
      signal: (name) => trial.process?.signal(name),
      talking: () => trial.door?.used() ?? false,
    }),
    spawnedUs: 0,
    exitedUs: 0,
    checkpointAsked: false,
  };
  return trial;
}

const NOBODY: AttemptSink = {
  report: () => undefined,
  backlog: () => 0,
  answered: () => Promise.resolve(),
  exited: () => undefined,
  ended: () => undefined,
};

function makeReady(trial: Trial, prepare: (access: TrialAccess) => TrialStart): TrialStart {
  trial.door ??= trial.server.open(servedTrial(trial, () => trial.start!.checkpointFolder));
  return (trial.start ??= prepare(trial.door));
}

function eventsOf(trial: Trial, start: TrialStart): ProcessEvents {
  const { clock, guard, done, assignment, ending } = trial;
  const source = metricSource(assignment.program, start.metricsFile, trial.rows, clock);
  trial.source = source;
  const tail = createOutputTail();
  const log = createLogFile(start.folder, start.attempt, () => trial.process?.resume());
  let exit: Pick<Ending, 'code' | 'signal' | 'interruption'> | undefined;

  function end(verdict: Verdict): void {
    finish(trial, verdict);
    guard.ended(trial.pid, start.mark);
    void log.end().then(done.resolve);
  }
  function drained(): void {
    const { rows, oom } = trial;
    void Promise.resolve(source.end())
      .catch(() => undefined)
      .then(() =>
        end(verdict({ program: assignment.program, ...exit!, rows, tail: tail.lines(), oom })),
      );
  }

  return {
    started(pid, atMs) {
      Object.assign(trial, { pid, spawnedUs: micros(atMs) });
      guard.started(pid, start.mark);
      ending.sign();
      ending.watchLimits();
    },
    output(stream, chunk) {
      ending.sign();
      source.output(stream, chunk);
      tail.push(chunk);
      return log.push(chunk) && !heldUp(trial);
    },
    failed(error) {
      finish(trial, { end: 'crashed', why: startFailure(error, start.process) });
      done.resolve();
    },
    exited(code, signal, atMs) {
      trial.exitedUs = micros(atMs);
      // What is asked of it from now on had no part in its end.
      exit = { code, signal, interruption: ending.interruption() };
      trial.sink.exited();
    },
    drained,
    orphaned() {
      if (exit !== undefined) return drained();
      trial.exitedUs = micros(clock.monotonic());
      void source.end();
      const why = 'its end is not known: the process that had started it was killed';
      end(ending.interruption() ?? { end: 'lost', why });
    },
  };
}

function finish(trial: Trial, verdict: Verdict): void {
  trial.ending.over();
  trial.door?.close();
  const { spawnedUs, exitedUs, start } = trial;
  if (start !== undefined && trial.checkpointAsked) forgetCheckpoint(start.folder);
  trial.sink.ended({ ...verdict, spawnedUs, exitedUs: Math.max(spawnedUs, exitedUs) });
}

function askCheckpoint(trial: Trial, reason: string): void {
  if (trial.start === undefined || trial.ending.interruption() !== undefined) return;
  trial.checkpointAsked = true;
  askForCheckpoint(trial.start.folder, reason);
}

/** Paused until the coordinator has caught up. */
function heldUp({ sink, process }: Trial): boolean {
  if (sink.backlog() < MOST_BACKLOG) return false;
  void sink.answered().then(() => process?.resume());
  return true;
}

function micros(ms: number): number {
  return Math.round(ms * 1000);
}
