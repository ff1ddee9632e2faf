import { randomStream, type RandomStream } from '@fleetune/core';
import type { Clock } from '@fleetune/platform';
import type { Assignment, WireNumber } from '@fleetune/protocol';
import type { AttemptSink, Interruption, Outcome, Runner } from '@fleetune/worker';

/** What programs did, by `study/trial.attempt`: what the log must tell. */
export interface Execution {
  rows: { step: number; loss: WireNumber }[];
  /** It came to an end of its own, or was brought to one; absent: its worker died first. */
  end?: Outcome['end'];
}

export type Executions = Map<string, Execution>;

export interface Programs {
  runner: Runner;
  running(): number;
}

type Fate = 'completes' | 'crashes' | 'hangs' | 'is silent' | 'reports NaN';

/** Trials without processes: what each does follows from the seed and its attempt. */
export function simulatedPrograms(
  seed: number,
  clock: Clock,
  executions: Executions,
  onBroken: (what: string) => void,
): Programs {
  let running = 0;
  const busy = new Set<number>();
  return {
    running: () => running,
    runner: {
      start(assignment, sink) {
        running += 1;
        const { study, trial, attempt, slot } = assignment;
        const name = `${study}/${trial}.${attempt}`;
        if (executions.has(name)) onBroken(`${name} was started twice`);
        if (busy.has(slot)) onBroken(`${name} was started on a busy slot`);
        busy.add(slot);
        const execution: Execution = { rows: [] };
        executions.set(name, execution);
        const random = randomStream(seed, trial * 1000 + attempt, 'program');
        return execute(assignment, sink, clock, random, execution, () => {
          running -= 1;
          busy.delete(slot);
        });
      },
      close: () => Promise.resolve(),
    },
  };
}

function execute(
  { program }: Assignment,
  sink: AttemptSink,
  clock: Clock,
  random: RandomStream,
  execution: Execution,
  onEnd: () => void,
) {
  const fate = fateOf(random);
  const rows = fate === 'is silent' ? 0 : 1 + random.int(program.fidelity === undefined ? 3 : 27);
  const everyMs = 20 + random.next() ** 3 * 1500;
  const graceMs = random.next() * 400;
  const spawnedUs = micros(clock);
  let interruption: Interruption | undefined;

  function end(outcome: Pick<Outcome, 'end' | 'why'>): void {
    if (execution.end !== undefined) return;
    execution.end = outcome.end;
    cancelLimit();
    onEnd();
    sink.ended({ ...outcome, spawnedUs, exitedUs: micros(clock) });
  }

  function row(): void {
    if (execution.end !== undefined) return;
    const step = execution.rows.length + 1;
    if (step > rows) {
      if (fate === 'hangs') return;
      end({ end: fate === 'crashes' ? 'crashed' : 'completed', why: 'exited' });
      return;
    }
    const loss = fate === 'reports NaN' && step === rows ? 'NaN' : random.next();
    execution.rows.push({ step, loss });
    sink.report({ step, metrics: { loss } });
    clock.after(everyMs, row);
  }

  const cancelLimit = clock.after(program.limits.trialMs!, () =>
    end({ end: 'timed-out', why: 'ran too long' }),
  );
  clock.after(everyMs, row);
  return {
    checkpoint: () => undefined,
    stop(wanted: Interruption) {
      interruption ??= wanted;
      clock.after(graceMs, () => end(interruption!));
    },
    kill(wanted: Interruption) {
      interruption ??= wanted;
      clock.after(1, () => end(interruption!));
    },
  };
}

function fateOf(random: RandomStream): Fate {
  const draw = random.next();
  if (draw < 0.7) return 'completes';
  if (draw < 0.85) return 'crashes';
  if (draw < 0.92) return 'hangs';
  return draw < 0.96 ? 'is silent' : 'reports NaN';
}

function micros(clock: Clock): number {
  return Math.round(clock.monotonic() * 1000);
}
