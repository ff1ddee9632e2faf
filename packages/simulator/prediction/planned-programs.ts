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
    start: (assignment, sink) => start(options, assignment, sink),
    close: () => Promise.resolve(),
  };
}

function start(
  options: PlannedProgramsOptions,
  { trial, attempt, program }: Assignment,
  sink: AttemptSink,
): RunningAttempt {
  const { clock, workload, objective, maxFidelity, onRunning } = options;
  const plan = withinLimit(workload.plan(trial, attempt), maxFidelity, program.limits.trialMs);
  const { beginMs, unitMs, end: itsEnd } = plan;
  const spawnedMs = clock.monotonic() + workload.gapMs(trial, attempt);
  const spawnedUs = Math.round(spawnedMs * 1000);
  const lastUnits = plan.reaches * (maxFidelity ?? 1);
  let units = 0;
  let stopping = false;
  let ended = false;
  let cancel = (): void => undefined;
  onRunning(1);

  function end(outcome: Pick<Outcome, 'end' | 'why' | 'exit'>): void {
    if (ended) return;
    ended = true;
    cancel();
    onRunning(-1);
    const nowUs = Math.round(clock.monotonic() * 1000);
    const exitedUs = Math.max(spawnedUs, nowUs);
    sink.ended({ ...outcome, spawnedUs, exitedUs });
  }

  function report(): void {
    if (maxFidelity === undefined) {
      if (itsEnd === 'completed') sink.report({ metrics: { [objective]: plan.valueAt(1) } });
    } else if (units % workload.stride === 0 || units === maxFidelity) {
      sink.report({ step: units, metrics: { [objective]: plan.valueAt(units) } });
    }
  }

  function goOn(): void {
    const nextReport = maxFidelity === undefined ? 1 : units + workload.stride;
    units = Math.min(lastUnits, nextReport);
    const atMs = spawnedMs + beginMs + units * unitMs;
    cancel = clock.after(Math.max(0, atMs - clock.monotonic()), () => {
      report();
      if (units < lastUnits) goOn();
      else end(itsEnd === 'completed' ? COMPLETED : { end: itsEnd, why: '' });
    });
  }

  function stop(outcome: Interruption): void {
    if (stopping) return;
    stopping = true;
    cancel();
    cancel = clock.after(workload.stopMs(trial, attempt), () => end(outcome));
  }

  goOn();
  return { stop, kill: end, checkpoint: () => undefined };
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
    ...plan,
    beginMs: Math.min(beginMs, limitMs),
    reaches: units / maxFidelity,
    end: 'timed-out',
  };
}
