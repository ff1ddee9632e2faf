import type { Clock } from '@fleetune/platform';
import type { Assignment } from '@fleetune/protocol';
import type { Guard } from '../guard/guard.ts';
import { createMetricRows, type MetricRows } from '../metrics/metric-row.ts';
import type { AttemptSink, Outcome, RunningAttempt } from '../runner.ts';
import type { TrialDoor, TrialServer } from '../trial-server/trial-server.ts';
import { createLogFile } from './log-file.ts';
import { metricSource } from './metric-source.ts';
import { createTrialEnding, type TrialEnding } from './trial-ending.ts';
import type { OomWatch } from './out-of-memory.ts';
import { verdict, type Ending } from './outcome.ts';
import { createOutputTail } from './output-tail.ts';
import { servedTrial } from './served-trial.ts';
import { startFailure } from './start-failure.ts';
import type { TrialAccess } from './trial-environment.ts';
import { startProcess, type ProcessSpec, type TrialProcess } from './trial-process.ts';

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
  readonly sink: AttemptSink;
  readonly rows: MetricRows;
  readonly done: PromiseWithResolvers<void>;
  readonly ending: TrialEnding;
  door?: TrialDoor;
  process?: TrialProcess;
  spawnedUs: number;
  exitedUs: number;
}

/** One attempt, from its preparation to its outcome. `settled`: its files are closed. */
export function runTrial(
  assignment: Assignment,
  sink: AttemptSink,
  parts: TrialParts,
  prepare: (access: TrialAccess) => TrialStart,
): RunningAttempt & { settled: Promise<void> } {
  const done = Promise.withResolvers<void>();
  const now = micros(parts.clock);
  const { limits } = assignment.program;
  const trial: Trial = {
    ...parts,
    assignment,
    sink,
    rows: createMetricRows(assignment.program, (row) => sink.report(row)),
    done,
    ending: createTrialEnding(limits, parts.clock, {
      signal: (name) => trial.process?.signal(name),
      talking: () => trial.door?.used ?? false,
    }),
    spawnedUs: now,
    exitedUs: now,
  };
  try {
    launch(trial, prepare);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    queueMicrotask(() => finish(trial, { end: 'crashed', why }));
    done.resolve();
  }
  return {
    settled: done.promise,
    stop: trial.ending.stop,
    kill: trial.ending.kill,
  };
}

function launch(trial: Trial, prepare: (access: TrialAccess) => TrialStart): void {
  const { clock, guard, done, assignment, ending, server } = trial;
  trial.door = server.open(servedTrial(trial, () => start.checkpointFolder));
  const start = prepare(trial.door);
  const source = metricSource(assignment.program, start.metricsFile, trial.rows, clock);
  const tail = createOutputTail();
  const log = createLogFile(start.folder, start.attempt, () => trial.process?.resume());
  let exit: Pick<Ending, 'code' | 'signal' | 'interruption'>;

  trial.spawnedUs = micros(clock);
  const process = startProcess(start.process, clock, {
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
  });
  trial.process = process;
  const { pid } = process;
  if (pid === undefined) return;
  guard.started(pid, start.mark);
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
  const { spawnedUs, exitedUs } = trial;
  trial.sink.ended({ ...verdict, spawnedUs, exitedUs: Math.max(spawnedUs, exitedUs) });
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
