// Random sequences of what may be asked of a study, lawful, unlawful, repeated and out of order:
// abstract, so that fast-check can shrink them.

import fc from 'fast-check';
import {
  attemptEnds,
  type AttemptEnd,
  type SchedulerSpec,
  type StudySpec,
  type WireNumber,
} from '../index.ts';
import { specWith, withoutFidelity } from './study-driver.ts';

export type Action =
  | { do: 'start' | 'reserve'; worker: number; x: number; suggest: boolean }
  | { do: 'return'; pick: number }
  | { do: 'report'; items: ReportOf[] }
  | { do: 'end'; pick: number; attempt: number; end: AttemptEnd; seen: boolean }
  | { do: 'again'; back: number }
  | { do: 'join' | 'leave' | 'lose'; worker: number }
  | { do: 'run' | 'resume-run' | 'end-run' | 'tick' }
  | { do: 'slot-left'; slot: number }
  | { do: 'enqueue'; x: number }
  | { do: 'stop'; pick: number; as: 'stopped' | 'cancelled' }
  | { do: 'trial'; pick: number; as: TrialControl }
  | { do: 'change'; trials: number; eta: number; max: number }
  | { do: 'revise'; pick: number; as: 'retry' | 'discard' | 'correct'; value: WireNumber }
  | { do: 'pause' | 'resume' }
  | { do: 'fail-fast'; worker: number; x: number; end: AttemptEnd; times: number }
  | { do: 'hold'; worker: number; as: 'drain' | 'quarantine' | 'release' }
  | { do: 'space'; low: number; high: number; added: boolean; slots: number }
  | { do: 'pass'; ms: number };

type TrialControl = 'pause' | 'resume' | 'drain' | 'checkpoint';

export interface ReportOf {
  pick: number;
  attempt: number;
  from: number;
  rows: number;
}

export type FailFast = Extract<Action, { do: 'fail-fast' }>;

const HOLDS = ['drain', 'quarantine', 'release', 'release', 'release'] as const;

/** Below 6: one of the live trials; else a trial's number, whatever its state. */
const pick = fc.nat(9);
const worker = fc.nat(2);
/** Mostly the live attempt. */
const near = fc.oneof({ weight: 10, arbitrary: fc.constant(0) }, fc.integer({ min: -1, max: 1 }));
const mostly = fc.integer({ min: 0, max: 5 }).map((k) => k > 0);
const x = fc.integer({ min: 0, max: 20 }).map((k) => k / 20);

export const actions: fc.Arbitrary<Action[]> = fc.array(
  fc.oneof(
    {
      weight: 14,
      arbitrary: fc.record({ do: fc.constant('start' as const), worker, x, suggest: mostly }),
    },
    {
      weight: 8,
      arbitrary: fc.record({ do: fc.constant('reserve' as const), worker, x, suggest: mostly }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ do: fc.constant('return' as const), pick }),
    },
    {
      weight: 30,
      arbitrary: fc.record({
        do: fc.constant('report' as const),
        items: fc.array(
          fc.record({ pick, attempt: near, from: near, rows: fc.integer({ min: 1, max: 4 }) }),
          { minLength: 1, maxLength: 3, size: 'max' },
        ),
      }),
    },
    {
      weight: 10,
      arbitrary: fc.record({
        do: fc.constant('end' as const),
        pick,
        attempt: near,
        end: fc.constantFrom<AttemptEnd>(...attemptEnds, 'completed', 'stopped'),
        seen: mostly,
      }),
    },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('again' as const), back: fc.nat(10) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('join' as const), worker }) },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constantFrom('leave' as const, 'lose' as const), worker }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constantFrom(
          'run' as const,
          'resume-run' as const,
          'end-run' as const,
          'tick' as const,
        ),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ do: fc.constant('slot-left' as const), slot: fc.nat(2) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constant('enqueue' as const), x: fc.constantFrom(0.25, 2) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant('stop' as const),
        pick,
        as: fc.constantFrom('stopped' as const, 'cancelled' as const),
      }),
    },
    {
      weight: 6,
      arbitrary: fc
        .record({
          do: fc.constant('trial' as const),
          pick: fc.nat(12),
          as: fc.constantFrom<TrialControl>('pause', 'resume', 'resume', 'drain'),
        })
        // One of the live ones.
        .map((it) => (it.pick === 5 ? { ...it, as: 'checkpoint' as const } : it)),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant('change' as const),
        trials: fc.integer({ min: 3, max: 15 }),
        eta: fc.integer({ min: 2, max: 4 }),
        max: fc.constantFrom(4, 9, 20),
      }),
    },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.nat(5000) }) },
    {
      weight: 6,
      arbitrary: fc.record({
        do: fc.constant('revise' as const),
        pick: fc.nat(20),
        as: fc.constantFrom('retry' as const, 'discard' as const, 'correct' as const),
        value: fc.constantFrom<WireNumber>(-9, 0.125, 'Infinity', 'NaN'),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constantFrom('pause' as const, 'resume' as const, 'resume' as const),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constant('fail-fast' as const),
        worker,
        x,
        end: fc.constantFrom<AttemptEnd>('crashed', 'crashed', 'out-of-memory'),
        times: fc.integer({ min: 1, max: 8 }),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant('hold' as const),
        worker,
        as: fc.constantFrom(...HOLDS),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant('space' as const),
        low: fc.constantFrom(0, 0.25),
        high: fc.constantFrom(0.5, 1, 2),
        added: fc.boolean(),
        slots: fc.integer({ min: 2, max: 6 }),
      }),
    },
  ),
  { minLength: 1, maxLength: 160, size: 'max' },
);

export const specs: fc.Arbitrary<StudySpec> = fc
  .record({
    fidelity: fc.boolean(),
    scheduler: fc.constantFrom<SchedulerSpec>(
      { type: 'asha', eta: 3 },
      { type: 'median', startup: 1, warmup: 0, interval: 1 },
      { type: 'fifo' },
    ),
    direction: fc.constantFrom('minimize' as const, 'maximize' as const),
    trials: fc.integer({ min: 3, max: 15 }),
    timeMs: fc.option(fc.integer({ min: 20_000, max: 90_000 }), { nil: undefined }),
    target: fc.option(fc.constantFrom(-3, 3), { nil: undefined }),
    crashed: fc.nat(2),
    invalidMetric: fc.constantFrom('fail' as const, 'infeasible' as const, 'worst' as const),
    several: fc.integer({ min: 0, max: 2 }).map((k) => k === 0),
    bound: fc.option(fc.constantFrom(1, 4), { nil: undefined }),
  })
  .map((choice) => {
    const { fidelity, direction, trials, timeMs, crashed, invalidMetric, several, bound } = choice;
    const target = several ? undefined : choice.target;
    const objective = { metric: 'loss', direction };
    const size = { metric: 'size', direction: 'maximize' } as const;
    const over: Partial<StudySpec> = {
      objective,
      ...(several && { objectives: [objective, size] }),
      ...(bound !== undefined && {
        outcomeConstraints: [{ metric: 'size', is: 'at-most', bound }],
      }),
      extraMetrics: ['size'],
      budget: {
        trials,
        ...(timeMs !== undefined && { timeMs }),
        ...(target !== undefined && { target }),
      },
      retries: { crashed, 'timed-out': crashed, 'invalid-metric': crashed % 2 },
      invalidMetric,
    };
    if (!fidelity) return withoutFidelity(over);
    return specWith({ ...over, scheduler: several ? { type: 'fifo' } : choice.scheduler });
  });
