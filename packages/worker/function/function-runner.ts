import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '@fleetune/platform';
import type { Assignment } from '@fleetune/protocol';
import { trialFolder } from '../command/log-file.ts';
import { createTrialEnding, type TrialEnding } from '../command/trial-ending.ts';
import { createMetricRows, type MetricRows } from '../metrics/metric-row.ts';
import type { AttemptSink, Outcome, Runner, RunningAttempt } from '../runner.ts';

/** What a trial's function may ask and tell. */
export interface TrialContext {
  readonly trial: number;
  readonly attempt: number;
  /** Train up to this fidelity. */
  readonly fidelityTarget: number | undefined;
  /** Made at the first use; what an earlier attempt left is in it. */
  readonly checkpointDir: string;
  /** True once after somebody has asked for a checkpoint now; the trial goes on. */
  checkpointWanted(): boolean;
  /** Aborted when the trial should end. */
  readonly signal: AbortSignal;
  /** Resolves, once the report is stored, to whether the trial should end. Without a step: the next one. */
  report(metrics: Metrics): Promise<boolean>;
  report(step: number, metrics: Metrics): Promise<boolean>;
}

type Metrics = Readonly<Record<string, number>>;
type Result = number | Metrics | void;

export type TrialFunction = (
  params: Assignment['params'],
  context: TrialContext,
) => Result | Promise<Result>;

interface Call {
  readonly assignment: Assignment;
  readonly sink: AttemptSink;
  readonly rows: MetricRows;
  readonly ending: TrialEnding;
  readonly abort: AbortController;
  readonly clock: Clock;
  readonly spawnedUs: number;
  checkpointWanted: boolean;
  over: boolean;
}

/** Runs each trial as a call of `fn` in this process. It can be asked to end, and abandoned, but not killed. */
export function functionRunner(fn: TrialFunction, clock: Clock): Runner {
  return {
    start(assignment, sink) {
      const call = newCall(assignment, sink, clock);
      call.ending.watchLimits();
      // In a microtask, so that a function that throws at once ends like any other.
      const result = Promise.resolve().then(() => fn(assignment.params, contextOf(call)));
      result.then(
        (value) => returned(call, value),
        (error: unknown) => threw(call, error),
      );
      return running(call);
    },
    close: () => Promise.resolve(),
  };
}

function newCall(assignment: Assignment, sink: AttemptSink, clock: Clock): Call {
  const { program } = assignment;
  const abort = new AbortController();
  const call: Call = {
    assignment,
    sink,
    clock,
    abort,
    rows: createMetricRows(program, (row) => sink.report(row)),
    ending: createTrialEnding(program.limits, clock, {
      signal(name) {
        // What SIGKILL is to a process: we go on without it.
        if (name === 'SIGKILL') abandon(call);
        else abort.abort(new Error(call.ending.interruption()?.why));
      },
      talking: () => false,
    }),
    spawnedUs: micros(clock),
    checkpointWanted: false,
    over: false,
  };
  return call;
}

function running(call: Call): RunningAttempt {
  const { stop, kill } = call.ending;
  return { checkpoint: () => (call.checkpointWanted = true), stop, kill };
}

function contextOf(call: Call): TrialContext {
  const { assignment, rows, sink, ending, abort } = call;
  const { trial, attempt, fidelityTarget, program } = assignment;
  const folder = new FolderAtFirstUse(join(trialFolder(program.files, trial), 'checkpoint'));
  return Object.assign(folder, {
    trial,
    attempt,
    fidelityTarget,
    checkpointWanted() {
      const wanted = call.checkpointWanted;
      call.checkpointWanted = false;
      return wanted;
    },
    signal: abort.signal,
    async report(first: number | Metrics, second: Metrics = {}) {
      ending.sign();
      if (call.over) return true;
      const step = typeof first === 'number' ? first : undefined;
      const metrics = typeof first === 'number' ? second : first;
      if (!rows.take(metrics, step)) {
        const names = Object.keys(metrics).join(', ') || 'nothing';
        throw new Error(`the study looks for ${program.kept.join(' or ')}; report() got ${names}`);
      }
      await sink.answered();
      return ending.interruption() !== undefined;
    },
  });
}

/** A class: of an object with a getter of its own V8 would keep all that the getter reaches, until it has looked at the whole heap. */
class FolderAtFirstUse {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  get checkpointDir(): string {
    mkdirSync(this.#path, { recursive: true });
    return this.#path;
  }
}

/** The result counts when the objective was not reported on the way. */
function returned(call: Call, value: Result): void {
  const { rows, assignment } = call;
  const [objective] = assignment.program.kept;
  if (!call.over && value !== undefined && rows.seen === 0) {
    const metrics = typeof value === 'number' ? { [objective!]: value } : value;
    const step = assignment.program.fidelity && assignment.fidelityTarget;
    rows.take(metrics, typeof step === 'number' ? step : undefined);
  }
  const interruption = call.ending.interruption();
  finish(call, interruption ?? verdict(rows, objective!));
}

function verdict(rows: MetricRows, objective: string): Pick<Outcome, 'end' | 'why'> {
  if (rows.finite > 0) return { end: 'completed', why: 'the function returned' };
  const what = rows.seen > 0 ? 'no finite' : 'no';
  const why = `the function returned, but ${what} "${objective}" was returned or reported`;
  return { end: 'invalid-metric', why };
}

const STACK_LINES = 12;

function threw(call: Call, error: unknown): void {
  const interruption = call.ending.interruption();
  if (interruption) return finish(call, interruption);
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const stack = error instanceof Error ? error.stack : undefined;
  const tail = (stack ?? message).split('\n').slice(0, STACK_LINES);
  finish(call, { end: 'crashed', why: `threw ${message}`.slice(0, 1000), tail });
}

function abandon(call: Call): void {
  const interruption = call.ending.interruption();
  if (interruption === undefined) return;
  call.abort.abort(new Error(interruption.why));
  finish(call, interruption);
}

function finish(call: Call, outcome: Pick<Outcome, 'end' | 'why' | 'tail'>): void {
  if (call.over) return;
  call.over = true;
  call.ending.over();
  call.sink.ended({ ...outcome, spawnedUs: call.spawnedUs, exitedUs: micros(call.clock) });
}

function micros(clock: Clock): number {
  return Math.round(clock.monotonic() * 1000);
}
