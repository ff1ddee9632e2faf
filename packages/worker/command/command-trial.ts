import type { Clock } from '@fleetune/platform';
import type { Assignment } from '@fleetune/protocol';
import type { Guard } from '../guard/guard.ts';
import { createMetricRows, type MetricRows } from '../metrics/metric-row.ts';
import type { AttemptSink, Outcome, RunningAttempt } from '../runner.ts';
import type { TrialDoor, TrialServer } from '../trial-server/trial-server.ts';
import { askForCheckpoint, forgetCheckpoint } from './checkpoint-request.ts';
import { startGate, type Gate } from './gate.ts';
import { createLogFile } from './log-file.ts';
import { metricSource } from './metric-source.ts';
import { createTrialEnding, type TrialEnding } from './trial-ending.ts';
import type { OomWatch } from './out-of-memory.ts';
import { verdict, type Ending } from './outcome.ts';
import { createOutputTail } from './output-tail.ts';
import { servedTrial } from './served-trial.ts';
import { startFailure } from './start-failure.ts';
import type { TrialAccess } from './trial-environment.ts';
import {
  startProcess,
  type ProcessEvents,
  type ProcessSpec,
  type TrialProcess,
} from './trial-process.ts';

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
  gate?: Gate | undefined;
  process?: TrialProcess;
  spawnedUs: number;
  exitedUs: number;
  checkpointAsked: boolean;
}

/** One attempt before its begin. */
export interface PreparedTrial {
  /** Does ahead of time everything that the start would have to do. */
  makeReady(): void;
  /** `settled`: its files are closed. */
  start(sink: AttemptSink): RunningAttempt & { settled: Promise<void> };
  /** Instead of `start`. */
  discard(): void;
}

export function prepareTrial(
  assignment: Assignment,
  parts: TrialParts,
  prepare: (access: TrialAccess) => TrialStart,
): PreparedTrial {
  const trial = newTrial(assignment, parts);
  return {
    makeReady() {
      try {
        const { process } = makeReady(trial, prepare);
        trial.gate = startGate(process, parts.clock);
        if (trial.gate?.pid !== undefined) parts.guard.started(trial.gate.pid, trial.start!.mark);
      } catch {
        // The start tries again, and tells.
      }
    },
    start(sink) {
      trial.sink = sink;
      const now = micros(parts.clock);
      Object.assign(trial, { spawnedUs: now, exitedUs: now });
      try {
        launch(trial, makeReady(trial, prepare));
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        queueMicrotask(() => finish(trial, { end: 'crashed', why }));
        trial.done.resolve();
      }
      const { stop, kill } = trial.ending;
      const checkpoint = (reason: string): void => askCheckpoint(trial, reason);
      return { settled: trial.done.promise, checkpoint, stop, kill };
    },
    discard() {
      const { gate, start } = trial;
      trial.door?.close();
      gate?.close();
      if (gate?.pid !== undefined) parts.guard.ended(gate.pid, start!.mark);
    },
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
      talking: () => trial.door?.used ?? false,
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

function launch(trial: Trial, start: TrialStart): void {
  const { clock, guard, done, assignment, ending } = trial;
  const source = metricSource(assignment.program, start.metricsFile, trial.rows, clock);
  const tail = createOutputTail();
  const log = createLogFile(start.folder, start.attempt, () => trial.process?.resume());
  let exit: Pick<Ending, 'code' | 'signal' | 'interruption'>;
  const events: ProcessEvents = {
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
    exited(code, signal) {
      trial.exitedUs = micros(clock);
      // What is asked of it from now on had no part in its end.
      exit = { code, signal, interruption: ending.interruption };
      trial.sink.exited();
    },
    drained() {
      void Promise.resolve(source.end())
        .catch(() => undefined)
        .then(end);
    },
  };

  trial.spawnedUs = micros(clock);
  const process = trial.gate?.open(events) ?? startProcess(start.process, clock, events);
  trial.process = process;
  const { pid } = process;
  if (pid === undefined) return;
  guard.started(pid, start.mark);
  ending.sign();
  ending.watchLimits();

  function end(): void {
    process.signal('SIGKILL');
    const { program } = assignment;
    const { rows, oom } = trial;
    finish(trial, verdict({ program, ...exit, rows, tail: tail.lines(), oom }));
    guard.ended(pid!, start.mark);
    void log.end().then(done.resolve);
  }
}

function finish(trial: Trial, verdict: Pick<Outcome, 'end' | 'why' | 'exit' | 'tail'>): void {
  trial.ending.over();
  trial.door?.close();
  const { spawnedUs, exitedUs, start } = trial;
  if (start !== undefined && trial.checkpointAsked) forgetCheckpoint(start.folder);
  trial.sink.ended({ ...verdict, spawnedUs, exitedUs: Math.max(spawnedUs, exitedUs) });
}

function askCheckpoint(trial: Trial, reason: string): void {
  if (trial.start === undefined || trial.ending.interruption !== undefined) return;
  trial.checkpointAsked = true;
  askForCheckpoint(trial.start.folder, reason);
}

/** Paused until the coordinator has caught up. */
function heldUp({ sink, process }: Trial): boolean {
  if (sink.backlog() < MOST_BACKLOG) return false;
  void sink.answered().then(() => process?.resume());
  return true;
}

function micros(clock: Clock): number {
  return Math.round(clock.monotonic() * 1000);
}
