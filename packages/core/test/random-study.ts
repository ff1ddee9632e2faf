// Random sequences of commands from several workers: lawful, unlawful, repeated and out of order.
// Abstract actions, so that fast-check can shrink them; they become commands against the state of
// the moment.

import fc from 'fast-check';
import type { AttemptEnd, StudyCommand, StudySpec, WireNumber } from '../index.ts';
import {
  specWith,
  studyDriver,
  suggestionOf,
  withoutFidelity,
  type StudyDriver,
} from './study-driver.ts';

const WORKERS = ['anna', 'bert', 'cleo'];
const SLOTS = 2;

export type Action =
  | { do: 'start'; worker: number; x: number; suggest: boolean }
  | { do: 'report'; pick: number; attempt: number; from: number; rows: number }
  | { do: 'end'; pick: number; attempt: number; end: AttemptEnd; seen: boolean }
  | { do: 'again'; back: number }
  | { do: 'join' | 'leave' | 'lose'; worker: number }
  | { do: 'run' | 'end-run' | 'tick' }
  | { do: 'enqueue'; x: number }
  | { do: 'stop'; pick: number; as: 'stopped' | 'cancelled' }
  | { do: 'change'; trials: number; eta: number; max: number }
  | { do: 'revise'; pick: number; as: 'retry' | 'discard' | 'correct'; value: WireNumber }
  | { do: 'pause' | 'resume' }
  | { do: 'hold'; worker: number; as: 'drain' | 'quarantine' | 'release' }
  | { do: 'space'; low: number; high: number; added: boolean; slots: number }
  | { do: 'pass'; ms: number };

const ENDS: AttemptEnd[] = [
  'completed',
  'stopped',
  'paused',
  'preempted',
  'lost',
  'crashed',
  'out-of-memory',
  'timed-out',
  'invalid-metric',
  'cancelled',
];

/** Below 6: one of the live trials; else a trial's number, whatever its state. */
const pick = fc.nat(9);
const worker = fc.nat(WORKERS.length - 1);
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
      weight: 30,
      arbitrary: fc.record({
        do: fc.constant('report' as const),
        pick,
        attempt: near,
        from: near,
        rows: fc.integer({ min: 1, max: 4 }),
      }),
    },
    {
      weight: 10,
      arbitrary: fc.record({
        do: fc.constant('end' as const),
        pick,
        attempt: near,
        end: fc.constantFrom(...ENDS, 'completed', 'stopped'),
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
        do: fc.constantFrom('run' as const, 'end-run' as const, 'tick' as const),
      }),
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
      weight: 5,
      arbitrary: fc.record({
        do: fc.constant('revise' as const),
        pick: fc.nat(12),
        as: fc.constantFrom('retry' as const, 'discard' as const, 'correct' as const),
        value: fc.constantFrom<WireNumber>(-9, 0.125, 'Infinity', 'NaN'),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ do: fc.constantFrom('pause' as const, 'resume' as const) }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant('hold' as const),
        worker,
        as: fc.constantFrom('drain' as const, 'quarantine' as const, 'release' as const),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant('space' as const),
        low: fc.constantFrom(0, 0.25),
        high: fc.constantFrom(0.5, 1, 2),
        added: fc.boolean(),
        slots: fc.integer({ min: 1, max: 6 }),
      }),
    },
  ),
  { minLength: 1, maxLength: 120, size: 'max' },
);

export const specs: fc.Arbitrary<StudySpec> = fc
  .record({
    fidelity: fc.boolean(),
    fifo: fc.boolean(),
    direction: fc.constantFrom('minimize' as const, 'maximize' as const),
    trials: fc.integer({ min: 3, max: 15 }),
    timeMs: fc.option(fc.integer({ min: 20_000, max: 90_000 }), { nil: undefined }),
    target: fc.option(fc.constantFrom(-3, 3), { nil: undefined }),
    crashed: fc.nat(2),
    invalidMetric: fc.constantFrom('fail' as const, 'infeasible' as const, 'worst' as const),
  })
  .map(({ fidelity, fifo, direction, trials, timeMs, target, crashed, invalidMetric }) => {
    const over: Partial<StudySpec> = {
      objective: { metric: 'loss', direction },
      budget: {
        trials,
        ...(timeMs !== undefined && { timeMs }),
        ...(target !== undefined && { target }),
      },
      retries: { crashed, 'timed-out': crashed, 'invalid-metric': crashed % 2 },
      invalidMetric,
    };
    if (!fidelity) return withoutFidelity(over);
    return specWith(fifo ? { ...over, scheduler: { type: 'fifo' } } : over);
  });

export interface RandomStudy {
  driver: StudyDriver;
  act(action: Action): void;
}

export function randomStudy(spec: StudySpec, traceless = false): RandomStudy {
  const driver = studyDriver(spec, traceless);
  const sent: StudyCommand[] = [];
  const clocks = new Map<string, number>();

  function send(command: StudyCommand): void {
    driver.now += 1;
    sent.push(command);
    driver.send(command);
  }

  function act(action: Action): void {
    if (action.do === 'pass') {
      driver.now += action.ms;
      return;
    }
    const command =
      action.do === 'again' ? sent.at(-1 - action.back) : commandOf(action, driver, clocks);
    if (command !== undefined) send(structuredClone(command));
  }

  send({ kind: 'start-run', slots: 4, keepGoing: true });
  for (const name of WORKERS) send(joinOf(name));
  return { driver, act };
}

function commandOf(
  action: Exclude<Action, { do: 'again' | 'pass' }>,
  driver: StudyDriver,
  clocks: Map<string, number>,
): StudyCommand {
  const { state } = driver;
  switch (action.do) {
    case 'start': {
      const { worker: index, x: at, suggest } = action;
      const base = { kind: 'start-attempt' as const, worker: WORKERS[index]! };
      const suggestion = suggestionOf(at);
      const params = state.spec!.space.length > 1 ? { ...suggestion.params, y: 1 } : undefined;
      return suggest ? { ...base, suggestion: { ...suggestion, ...(params && { params }) } } : base;
    }
    case 'report': {
      const trial = picked(driver, action.pick);
      const attempt = (state.trials[trial]?.attempts.length ?? 1) + action.attempt;
      const known = state.trials[trial]?.attempts[attempt - 1]?.rows ?? 0;
      const from = Math.max(0, known + action.from);
      return { kind: 'report', trial, attempt, from, columns: rowsOf(trial, from, action.rows) };
    }
    case 'end':
      return endOf(action, driver, clocks);
    case 'join':
      return joinOf(WORKERS[action.worker]!);
    case 'leave':
    case 'lose': {
      const name = WORKERS[action.worker]!;
      const how = action.do === 'leave' ? 'left' : 'lost';
      const idle = [{ suggestionUs: 3, decisionUs: 1e9, tailUs: 0, drainedUs: 5 }];
      return { kind: 'worker-left', worker: name, how, atUs: tick(clocks, name), idle };
    }
    case 'run':
      return { kind: 'start-run', slots: 4, keepGoing: true };
    case 'end-run':
      return { kind: 'end-run', end: 'drained', reason: { code: 'drained', text: 'by the test' } };
    case 'tick':
      return { kind: 'tick' };
    case 'enqueue':
      return { kind: 'enqueue', params: { x: action.x } };
    case 'stop': {
      const reason = { code: 'user', text: 'by the test' };
      return { kind: 'stop-trial', trial: picked(driver, action.pick), as: action.as, reason };
    }
    case 'change':
      return { kind: 'change-spec', spec: changed(state.spec!, action) };
    default:
      return controlOf(action, state.spec!);
  }
}

type Control = Extract<Action, { do: 'revise' | 'pause' | 'resume' | 'hold' | 'space' }>;

/** What a person does to a study on its way. */
function controlOf(action: Control, spec: StudySpec): StudyCommand {
  const reason = { code: 'user', text: 'by the test' };
  switch (action.do) {
    case 'pause':
    case 'resume':
      return { kind: `${action.do}-study`, reason };
    case 'hold':
      return { kind: `${action.as}-worker`, worker: WORKERS[action.worker]!, reason };
    case 'space': {
      const x = { name: 'x', type: 'float', log: false, low: action.low, high: action.high };
      const y = { name: 'y', type: 'int', low: 0, high: 3, step: 1, log: false, default: 2 };
      const known = spec.space.length > 1 || action.added;
      const space = (known ? [x, y] : [x]) as StudySpec['space'];
      const engine = { ...spec.engine, slots: action.slots };
      return { kind: 'change-spec', spec: { ...spec, space, engine }, reason };
    }
    case 'revise': {
      const { pick: trial, value } = action;
      if (action.as === 'correct') return { kind: 'correct-trial', trial, value, by: 'me', reason };
      return { kind: `${action.as}-trial`, trial, reason };
    }
  }
}

function changed(
  spec: StudySpec,
  { trials, eta, max }: { trials: number; eta: number; max: number },
): StudySpec {
  const budget = { ...spec.budget, trials };
  if (spec.fidelity === undefined) return { ...spec, budget };
  const scheduler = spec.scheduler.type === 'asha' ? { ...spec.scheduler, eta } : spec.scheduler;
  return { ...spec, budget, scheduler, fidelity: { ...spec.fidelity, max } };
}

function endOf(
  action: Extract<Action, { do: 'end' }>,
  driver: StudyDriver,
  clocks: Map<string, number>,
): StudyCommand {
  const trial = picked(driver, action.pick);
  const attempts = driver.state.trials[trial]?.attempts ?? [];
  const attempt = attempts.length + action.attempt;
  const base = { kind: 'end-attempt' as const, trial, attempt, end: action.end };
  const record = attempts[attempt - 1];
  if (record === undefined || !action.seen) return base;
  const spawnedUs = tick(clocks, record.worker);
  const exitedUs = tick(clocks, record.worker);
  const use = { worker: record.worker, slot: record.slot, spawnedUs, exitedUs };
  return { ...base, use, waits: { suggestionUs: 40, decisionUs: 0, tailUs: 7, drainedUs: 0 } };
}

function picked({ state }: StudyDriver, pick: number): number {
  const live = [...state.live].sort((a, b) => a - b);
  return pick < 6 && live.length > 0 ? live[pick % live.length]! : pick;
}

function joinOf(name: string): StudyCommand {
  return { kind: 'worker-joined', worker: name, host: 'host', pid: 1, slots: SLOTS };
}

function tick(clocks: Map<string, number>, name: string): number {
  const us = (clocks.get(name) ?? 0) + 137;
  clocks.set(name, us);
  return us;
}

/** Row i of a trial is always the same, so that a row lost or doubled shows. */
export function rowsOf(trial: number, from: number, rows: number) {
  const indices = Array.from({ length: rows }, (_, i) => from + i);
  return {
    step: indices.map((i): WireNumber => (i % 7 === 5 ? i : i % 11 === 10 ? 'NaN' : i + 1)),
    metrics: { loss: indices.map((i) => lossAt(trial, i)) },
  };
}

export function lossAt(trial: number, row: number): WireNumber | null {
  const mixed = (trial * 31 + row * 17) % 29;
  if (mixed === 3) return null;
  if (mixed === 11) return row > 4 ? 'NaN' : 0.5;
  if (mixed === 17) return row > 4 ? 'Infinity' : -0.5;
  return mixed / 4 - 3;
}
