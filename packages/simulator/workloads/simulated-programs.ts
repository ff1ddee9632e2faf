import { randomStream, type RandomStream } from '@fleetune/core';
import type { Clock } from '@fleetune/platform';
import type { Assignment, WireNumber } from '@fleetune/protocol';
import type { AttemptSink, Interruption, Outcome, Runner, RunningAttempt } from '@fleetune/worker';
import type { Fate, ProgramKnobs } from '../scenario.ts';
import { struck, type Machine, type World } from '../world.ts';

/** What programs did, by `study/trial.attempt`: what the log must tell. */
export interface Execution {
  rows: { step: number; metrics: Record<string, WireNumber> }[];
  /** It came to an end of its own, or was brought to one; absent: its worker died first. */
  end?: Outcome['end'];
}

export type Executions = Map<string, Execution>;

export interface Programs {
  runner: Runner;
  running(): number;
  /** Since when (world's clock) the slot has been idle that has been so for longest; Infinity when none is. */
  idleSinceMs(): number;
}

/** Its pipes are read for so long after its exit. */
const DRAIN_MS = 100;
const LONGEST_ROW_MS = 20_000;
/** Whoever holds processes is another one: it takes so long until a word has reached it. */
const DISCARD_MS = 20;

/** Trials without processes: what each does follows from the seed and its attempt. */
export function simulatedPrograms(
  world: World,
  { bad }: Pick<Machine, 'bad'>,
  worker: string,
  clock: Clock,
): Programs {
  const { scenario, executions, watch } = world;
  const busy = new Set<number>();
  const idleMs = new Array<number>(scenario.slots).fill(world.clock.monotonic());
  /** By the attempt that they wait behind: told when its process is gone. */
  const behind = new Map<RunningAttempt, () => void>();
  const broken = (what: string): void => watch.broken('no-program-starts-twice', what);

  function start(assignment: Assignment, sink: AttemptSink): RunningAttempt {
    const { trial, attempt, slot } = assignment;
    const name = nameOf(assignment);
    if (executions.has(name)) broken(`${name} was started twice`);
    if (busy.has(slot)) broken(`${name} was started on a busy slot`);
    watch.begun(assignment, worker);
    busy.add(slot);
    idleMs[slot] = Infinity;
    const execution: Execution = { rows: [] };
    executions.set(name, execution);
    const random = randomStream(scenario.seed, trial * 1000 + attempt, 'program');
    const plan = planOf(scenario.programs, assignment, bad, random);
    const { fate } = plan;
    if (fate === 'has no setup') struck(world, 'setup-failed');
    else if (bad) struck(world, 'machine-bad');
    else if (fate !== 'completes') struck(world, fate);
    const running = execute(assignment, sink, clock, plan, execution, () => {
      busy.delete(slot);
      idleMs[slot] = world.clock.monotonic();
      behind.get(running)?.();
      behind.delete(running);
    });
    return running;
  }

  /** Its process is there, and begins by itself as soon as the one before is gone. */
  function prepare(assignment: Assignment, before?: RunningAttempt): Prepared {
    const { trial, attempt } = assignment;
    const random = randomStream(scenario.seed, trial * 1000 + attempt, 'held');
    let is: 'held' | 'begun' | 'followed' | 'discarded' = 'held';
    if (before !== undefined) {
      behind.set(before, () => {
        if (is !== 'held') return;
        is = 'begun';
        clock.after(1, () => {
          if (is === 'begun') broken(`${nameOf(assignment)} has begun, and nobody follows it`);
        });
      });
    }
    return {
      begun: () => is === 'begun',
      start(sink) {
        if (is === 'discarded') broken(`${nameOf(assignment)} begins after it was discarded`);
        is = 'followed';
        return start(assignment, sink);
      },
      discard(done) {
        clock.after(random.next() * DISCARD_MS, () => {
          if (is !== 'held') return struck(world, 'discarded-too-late');
          is = 'discarded';
          done();
        });
      },
    };
  }

  return {
    running: () => busy.size,
    idleSinceMs: () => Math.min(...idleMs),
    runner: {
      start,
      ...(scenario.programs.held && { prepare }),
      close: () => Promise.resolve(),
    },
  };
}

function nameOf({ study, trial, attempt }: Assignment): string {
  return `${study}/${trial}.${attempt}`;
}

type Prepared = ReturnType<NonNullable<Runner['prepare']>>;

interface Plan {
  fate: Fate | 'completes' | 'has no setup';
  rows: number;
  everyMs: number;
  graceMs: number;
  drainMs: number;
  losses: RandomStream;
}

/** Times between rows have a Pareto tail: some programs take a hundred times as long as most. */
function planOf(
  { fates, everyMs, tail, mostRows, badSetup }: ProgramKnobs,
  { program }: Assignment,
  bad: boolean,
  random: RandomStream,
): Plan {
  const fate = bad ? (badSetup ? 'has no setup' : 'crashes') : fateOf(fates, random.next());
  const rows = 1 + random.int(program.fidelity === undefined ? 3 : mostRows);
  const slow = (1 - random.next()) ** (-1 / tail);
  return {
    fate,
    rows: bad || fate === 'is silent' ? 0 : rows,
    everyMs: Math.min(LONGEST_ROW_MS, everyMs * slow),
    graceMs: random.next() * 400,
    drainMs: random.next() < 0.7 ? 0 : random.next() * DRAIN_MS,
    losses: random,
  };
}

function fateOf(fates: ProgramKnobs['fates'], draw: number): Fate | 'completes' {
  let left = draw;
  for (const [fate, share] of Object.entries(fates)) {
    if (left < share) return fate as Fate;
    left -= share;
  }
  return 'completes';
}

const ENDS: Record<Plan['fate'], Pick<Outcome, 'end' | 'why' | 'exit' | 'setupFailed'>> = {
  completes: { end: 'completed', why: 'exited with 0', exit: { code: 0 } },
  'is silent': { end: 'completed', why: 'exited with 0', exit: { code: 0 } },
  'reports NaN': { end: 'completed', why: 'exited with 0', exit: { code: 0 } },
  'repeats steps': { end: 'completed', why: 'exited with 0', exit: { code: 0 } },
  crashes: { end: 'crashed', why: 'exited with 1', exit: { code: 1 } },
  'is killed': { end: 'crashed', why: 'exited with 137', exit: { code: 137 } },
  'runs out of memory': { end: 'out-of-memory', why: 'MemoryError', exit: { code: 1 } },
  hangs: { end: 'timed-out', why: 'ran too long' },
  'has no setup': { end: 'crashed', why: 'no module', exit: { code: 1 }, setupFailed: true },
};

function execute(
  { program }: Assignment,
  sink: AttemptSink,
  clock: Clock,
  { fate, rows, everyMs, graceMs, drainMs, losses }: Plan,
  execution: Execution,
  onExit: () => void,
): RunningAttempt {
  const spawnedUs = micros(clock);
  let interruption: Interruption | undefined;

  function end(outcome: Omit<Outcome, 'spawnedUs' | 'exitedUs'>): void {
    if (execution.end !== undefined) return;
    // A host that is not fit for a study is not its trial's doing.
    execution.end = outcome.setupFailed ? 'preempted' : outcome.end;
    cancelLimit();
    const ended: Outcome = { ...outcome, spawnedUs, exitedUs: micros(clock) };
    onExit();
    if (drainMs === 0) return sink.ended(ended);
    sink.exited();
    clock.after(drainMs, () => sink.ended(ended));
  }

  function row(): void {
    if (execution.end !== undefined) return;
    const number = execution.rows.length + 1;
    if (number > rows) {
      if (fate !== 'hangs') end(ENDS[fate]);
      return;
    }
    const step = fate === 'repeats steps' ? Math.ceil(number / 2) : number;
    const loss: WireNumber = fate === 'reports NaN' && number === rows ? 'NaN' : losses.next();
    const metrics = { loss, ...(program.kept.includes('size') && { size: losses.next() }) };
    execution.rows.push({ step, metrics });
    sink.report({ step, metrics });
    clock.after(everyMs, row);
  }

  const cancelLimit = clock.after(program.limits.trialMs!, () => end(ENDS.hangs));
  clock.after(everyMs, row);
  const interrupt = (wanted: Interruption, afterMs: number): void => {
    interruption ??= wanted;
    const { end: as, why } = interruption;
    clock.after(afterMs, () => end({ end: as, why, exit: { signal: 'SIGTERM' } }));
  };
  return {
    checkpoint: () => undefined,
    stop: (wanted) => interrupt(wanted, graceMs),
    kill: (wanted) => interrupt(wanted, 1),
  };
}

function micros(clock: Clock): number {
  return Math.round(clock.monotonic() * 1000);
}
