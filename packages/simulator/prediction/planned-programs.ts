import type { Clock } from '@fleetune/platform';
import type { Assignment } from '@fleetune/protocol';
import type { AttemptSink, Interruption, Outcome, Runner, RunningAttempt } from '@fleetune/worker';
import type { AttemptPlan, ProgramEnd, Workload } from './workload.ts';

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
  const spare: PlannedProgram[] = [];
  return {
    start(assignment, sink) {
      const program = spare.pop() ?? new PlannedProgram(options, spare);
      program.begin(assignment, sink);
      return program;
    },
    close: () => Promise.resolve(),
  };
}

/**
 * A class: there are very many, and functions of its own would be most of what one takes. One that has come to its end
 * by itself runs the next trial, too: what lives as long as a trial beside 10,000 others is dear to collect.
 */
class PlannedProgram implements RunningAttempt {
  readonly #options: PlannedProgramsOptions;
  /** Those that have come to their end. */
  readonly #spare: PlannedProgram[];
  /** Never cancelled: what can be takes twice the room. */
  readonly #due = (): void => this.#reach();
  #trial = 0;
  #attempt = 0;
  #sink: AttemptSink | undefined;
  #spawnedMs = 0;
  #end: ProgramEnd = 'completed';
  /** Absent where all that it will say is known: plans of thousands take room. */
  #plan: AttemptPlan | undefined;
  #value = 0;
  #units = 0;
  #stopping = false;
  #gone = false;

  constructor(options: PlannedProgramsOptions, spare: PlannedProgram[]) {
    this.#options = options;
    this.#spare = spare;
  }

  begin({ trial, attempt, program }: Assignment, sink: AttemptSink): void {
    const { clock, workload, maxFidelity, onRunning } = this.#options;
    const plan = withinLimit(workload.plan(trial, attempt), maxFidelity, program.limits.trialMs);
    this.#trial = trial;
    this.#attempt = attempt;
    this.#sink = sink;
    this.#spawnedMs = clock.monotonic() + workload.gapMs(trial, attempt);
    this.#end = plan.end;
    this.#units = 0;
    this.#gone = false;
    onRunning(1);
    if (maxFidelity === undefined) {
      if (plan.end === 'completed') this.#value = plan.valueAt(1);
      this.#waitUntil(this.#spawnedMs + plan.beginMs + plan.reaches * plan.unitMs);
    } else {
      this.#plan = plan;
      this.#goOn(plan, maxFidelity);
    }
  }

  stop(outcome: Interruption): void {
    if (this.#stopping) return;
    this.#stopping = true;
    const { clock, workload } = this.#options;
    clock.after(workload.stopMs(this.#trial, this.#attempt), () => this.#leave(outcome));
  }

  kill(outcome: Interruption): void {
    this.#leave(outcome);
  }

  checkpoint(): void {}

  #goOn(plan: AttemptPlan, maxFidelity: number): void {
    const { stride } = this.#options.workload;
    this.#units = Math.min(plan.reaches * maxFidelity, this.#units + stride);
    this.#waitUntil(this.#spawnedMs + plan.beginMs + this.#units * plan.unitMs);
  }

  #waitUntil(atMs: number): void {
    const { clock } = this.#options;
    clock.after(Math.max(0, atMs - clock.monotonic()), this.#due);
  }

  #reach(): void {
    if (this.#stopping || this.#gone) return;
    const { maxFidelity } = this.#options;
    const plan = this.#plan;
    if (plan === undefined || maxFidelity === undefined) {
      if (this.#end === 'completed') this.#sink!.report({ metrics: this.#metrics(this.#value) });
      this.#comeToEnd();
    } else {
      this.#report(plan, maxFidelity);
      if (this.#units < plan.reaches * maxFidelity) this.#goOn(plan, maxFidelity);
      else this.#comeToEnd();
    }
  }

  #report(plan: AttemptPlan, maxFidelity: number): void {
    const units = this.#units;
    if (units % this.#options.workload.stride !== 0 && units !== maxFidelity) return;
    this.#sink!.report({ step: units, metrics: this.#metrics(plan.valueAt(units)) });
  }

  /** Assigned, since a name that is computed in a literal is looked up anew each time. */
  #metrics(value: number): Record<string, number> {
    const metrics: Record<string, number> = {};
    metrics[this.#options.objective] = value;
    return metrics;
  }

  /** Nothing of it is due any more, and nobody will ask it for anything. */
  #comeToEnd(): void {
    this.#leave(this.#end === 'completed' ? COMPLETED : { end: this.#end, why: '' });
    this.#spare.push(this);
  }

  #leave(outcome: Pick<Outcome, 'end' | 'why' | 'exit'>): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#options.onRunning(-1);
    const spawnedUs = Math.round(this.#spawnedMs * 1000);
    const nowUs = Math.round(this.#options.clock.monotonic() * 1000);
    this.#sink!.ended({ ...outcome, spawnedUs, exitedUs: Math.max(spawnedUs, nowUs) });
  }
}

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
