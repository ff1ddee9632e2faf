import type { Clock } from '@fleetune/platform';
import type { Assignment } from '@fleetune/protocol';
import type { AttemptSink, Interruption, Outcome, Runner, RunningAttempt } from '@fleetune/worker';
import type { AttemptPlan, Workload } from './workload.ts';

export interface PlannedProgramsOptions {
  clock: Clock;
  workload: Workload;
  objective: string;
  /** The full fidelity; absent: a trial has one value, at its end. */
  maxFidelity: number | undefined;
  /** Called with 1 when a program begins to run, and with -1 when it is gone. */
  onRunning(change: 1 | -1): void;
}

/** Runs trials by doing nothing for as long as their plan says. */
export function plannedPrograms(options: PlannedProgramsOptions): Runner {
  return {
    start: (assignment, sink) => new PlannedProgram(options, assignment, sink),
    close: () => Promise.resolve(),
  };
}

/** A class: there is one for every trial, and functions of its own would be most of what that takes. */
class PlannedProgram implements RunningAttempt {
  readonly #options: PlannedProgramsOptions;
  readonly #assignment: Assignment;
  readonly #plan: AttemptPlan;
  readonly #sink: AttemptSink;
  readonly #spawnedMs: number;
  readonly #lastUnits: number;
  #units = 0;
  #stopping = false;
  #ended = false;
  #cancel: () => void = IDLE;

  constructor(options: PlannedProgramsOptions, assignment: Assignment, sink: AttemptSink) {
    const { clock, workload, maxFidelity } = options;
    const { trial, attempt, program } = assignment;
    this.#options = options;
    this.#assignment = assignment;
    this.#plan = withinLimit(workload.plan(trial, attempt), maxFidelity, program.limits.trialMs);
    this.#sink = sink;
    this.#spawnedMs = clock.monotonic() + workload.gapMs(trial, attempt);
    this.#lastUnits = this.#plan.reaches * (maxFidelity ?? 1);
    options.onRunning(1);
    this.#goOn();
  }

  stop(outcome: Interruption): void {
    if (this.#stopping) return;
    this.#stopping = true;
    this.#cancel();
    const { clock, workload } = this.#options;
    const { trial, attempt } = this.#assignment;
    this.#cancel = clock.after(workload.stopMs(trial, attempt), () => this.#end(outcome));
  }

  kill(outcome: Interruption): void {
    this.#end(outcome);
  }

  checkpoint(): void {}

  #goOn(): void {
    const { clock, workload, maxFidelity } = this.#options;
    const { beginMs, unitMs, end } = this.#plan;
    const nextReport = maxFidelity === undefined ? 1 : this.#units + workload.stride;
    this.#units = Math.min(this.#lastUnits, nextReport);
    const atMs = this.#spawnedMs + beginMs + this.#units * unitMs;
    this.#cancel = clock.after(Math.max(0, atMs - clock.monotonic()), () => {
      this.#report();
      if (this.#units < this.#lastUnits) this.#goOn();
      else this.#end(end === 'completed' ? COMPLETED : { end, why: '' });
    });
  }

  #report(): void {
    const { workload, maxFidelity } = this.#options;
    const units = this.#units;
    if (maxFidelity === undefined) {
      if (this.#plan.end === 'completed') this.#sink.report({ metrics: this.#metrics(1) });
    } else if (units % workload.stride === 0 || units === maxFidelity) {
      this.#sink.report({ step: units, metrics: this.#metrics(units) });
    }
  }

  /** Assigned, since a name that is computed in a literal is looked up anew each time. */
  #metrics(fidelity: number): Record<string, number> {
    const metrics: Record<string, number> = {};
    metrics[this.#options.objective] = this.#plan.valueAt(fidelity);
    return metrics;
  }

  #end(outcome: Pick<Outcome, 'end' | 'why' | 'exit'>): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#cancel();
    this.#options.onRunning(-1);
    const spawnedUs = Math.round(this.#spawnedMs * 1000);
    const nowUs = Math.round(this.#options.clock.monotonic() * 1000);
    this.#sink.ended({ ...outcome, spawnedUs, exitedUs: Math.max(spawnedUs, nowUs) });
  }
}

const IDLE = (): void => undefined;

const COMPLETED = { end: 'completed', why: '', exit: { code: 0 } } as const;

/** The study file's limit ends what would take longer. */
function withinLimit(
  plan: AttemptPlan,
  maxFidelity = 1,
  limitMs: number | undefined = Infinity,
): AttemptPlan {
  const { beginMs, unitMs, reaches } = plan;
  if (beginMs + reaches * maxFidelity * unitMs <= limitMs) return plan;
  const units = Math.max(0, limitMs - beginMs) / unitMs;
  return {
    beginMs: Math.min(beginMs, limitMs),
    unitMs,
    reaches: units / maxFidelity,
    end: 'timed-out',
    valueAt: (fidelity) => plan.valueAt(fidelity),
  };
}
