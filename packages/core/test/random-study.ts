// Turns random actions of several workers and people into commands against the state of the moment.

import {
  reserves,
  type ReportItem,
  type StudyCommand,
  type StudySpec,
  type WireNumber,
} from '../index.ts';
import type { Action, FailFast, ReportOf } from './random-actions.ts';
import { studyDriver, suggestionOf, type StudyDriver } from './study-driver.ts';

const WORKERS = ['anna', 'bert', 'cleo'];
const SLOTS = 2;
/** Other studies use its slots too. */
const SHARED = 'cleo';

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
    if (action.do === 'fail-fast') return failFast(action);
    const command =
      action.do === 'again' ? sent.at(-1 - action.back) : commandOf(action, driver, clocks);
    if (command !== undefined) send(structuredClone(command));
  }

  /** Whatever the worker starts crashes at once. */
  function failFast({ worker: index, x: at, end, times }: FailFast): void {
    for (let i = 0; i < times; i += 1) {
      act({ do: 'start', worker: index, x: at, suggest: true });
      const { slots } = driver.state.workers.get(WORKERS[index]!) ?? { slots: [] };
      const trial = slots.find((slot) => slot.trial !== undefined)?.trial;
      if (trial === undefined) return;
      const attempt = driver.state.trials[trial]!.attempts.length;
      send({ kind: 'end-attempt', trial, attempt, end });
    }
  }

  send({ kind: 'start-run', slots: 4, keepGoing: true });
  for (const name of WORKERS) send(joinOf(name));
  return { driver, act };
}

function commandOf(
  action: Exclude<Action, { do: 'again' | 'pass' } | FailFast>,
  driver: StudyDriver,
  clocks: Map<string, number>,
): StudyCommand {
  const { state } = driver;
  switch (action.do) {
    case 'start':
    case 'reserve':
      return startOf(action, driver, clocks);
    case 'return': {
      const waiting = reserves(state);
      const { trial, attempt } = waiting[action.pick % waiting.length] ?? { trial: 0, attempt: 1 };
      return { kind: 'end-attempt', trial, attempt, end: 'preempted', why: 'was given back' };
    }
    case 'report':
      return { kind: 'report', items: action.items.map((item) => reportOf(item, driver)) };
    case 'end':
      return endOf(action, driver, clocks);
    case 'join':
      return joinOf(WORKERS[action.worker]!);
    case 'leave':
    case 'lose': {
      const name = WORKERS[action.worker]!;
      const how = action.do === 'leave' ? 'left' : 'lost';
      const idle = [{ suggestionUs: 3, decisionUs: 1e9, tailUs: 0, drainedUs: 5 }];
      const left = { kind: 'worker-left', worker: name, how, idle } as const;
      if (name !== SHARED) return { ...left, atUs: tick(clocks, name) };
      const fromUs = [tick(clocks, name), null];
      // Sometimes nobody knows its clock.
      return how === 'lost' ? left : { ...left, atUs: tick(clocks, name), elsewhere: [1], fromUs };
    }
    case 'resume-run':
      return { kind: 'resume-run' };
    case 'run':
      return { kind: 'start-run', slots: 4, keepGoing: true };
    case 'end-run':
      return { kind: 'end-run', end: 'drained', reason: { code: 'drained', text: 'by the test' } };
    case 'tick':
      return { kind: 'tick' };
    case 'slot-left': {
      const left = { kind: action.do, worker: SHARED, slot: action.slot } as const;
      return { ...left, fromUs: tick(clocks, SHARED), atUs: tick(clocks, SHARED) };
    }
    case 'enqueue':
      return { kind: 'enqueue', params: { x: action.x } };
    case 'stop': {
      const reason = { code: 'user', text: 'by the test' };
      return { kind: 'stop-trial', trial: picked(driver, action.pick), as: action.as, reason };
    }
    case 'trial': {
      const reason = { code: 'user', text: 'by the test' };
      const paused = action.as === 'resume' ? [...state.pausedTrials] : [];
      const trial = paused[action.pick] ?? picked(driver, action.pick);
      return { kind: `${action.as}-trial`, trial, reason };
    }
    case 'change':
      return { kind: 'change-spec', spec: changed(state.spec!, action) };
    default:
      return controlOf(action, driver);
  }
}

type Control = Extract<Action, { do: 'revise' | 'pause' | 'resume' | 'hold' | 'space' }>;

/** What a person does to a study on its way. */
function controlOf(action: Control, { state }: StudyDriver): StudyCommand {
  const spec = state.spec!;
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
      const { pick, value } = action;
      const ended = state.trials.filter((it) => it.endedEvent !== undefined);
      const trial = ended[pick % Math.max(1, ended.length)]?.number ?? pick;
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
  const scheduler = { ...spec.scheduler, ...(spec.scheduler.type === 'asha' && { eta }) };
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

function startOf(
  action: Extract<Action, { do: 'start' | 'reserve' }>,
  { state }: StudyDriver,
  clocks: Map<string, number>,
): StudyCommand {
  const worker = WORKERS[action.worker]!;
  const suggestion = suggestionOf(action.x);
  const params = state.spec!.space.length > 1 ? { ...suggestion.params, y: 1 } : suggestion.params;
  const base = {
    kind: 'start-attempt' as const,
    worker,
    ...(action.suggest && { suggestion: { ...suggestion, params } }),
  };
  if (action.do === 'reserve') {
    const { slots } = state.workers.get(worker) ?? { slots: [] };
    const slot = slots.findIndex(
      ({ trial, reserve }) => trial !== undefined && reserve === undefined,
    );
    return { ...base, slot: Math.max(0, slot), reserve: true };
  }
  return worker === SHARED ? { ...base, fromUs: tick(clocks, worker) } : base;
}

function reportOf(item: ReportOf, driver: StudyDriver): ReportItem {
  const trial = picked(driver, item.pick);
  const { attempts = [] } = driver.state.trials[trial] ?? {};
  const attempt = (attempts.length || 1) + item.attempt;
  const from = Math.max(0, (attempts[attempt - 1]?.rows ?? 0) + item.from);
  return { trial, attempt, from, columns: rowsOf(trial, from, item.rows) };
}

function picked({ state }: StudyDriver, pick: number): number {
  const live = [...state.live].sort((a, b) => a - b);
  return pick < 6 && live.length > 0 ? live[pick % live.length]! : pick;
}

function joinOf(name: string): StudyCommand {
  const join = { kind: 'worker-joined', worker: name, host: 'host', pid: 1, slots: SLOTS } as const;
  return name === SHARED ? { ...join, incarnation: 'first', shared: true, nowUs: 5 } : join;
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
    metrics: {
      loss: indices.map((i) => lossAt(trial, i)),
      size: indices.map((i) => sizeAt(trial, i)),
    },
  };
}

function sizeAt(trial: number, row: number): WireNumber | null {
  const mixed = (trial * 13 + row * 7) % 23;
  if (mixed === 5) return null;
  return mixed === 9 ? 'NaN' : mixed / 4;
}

export function lossAt(trial: number, row: number): WireNumber | null {
  const mixed = (trial * 31 + row * 17) % 29;
  if (mixed === 3) return null;
  if (mixed === 11) return row > 4 ? 'NaN' : 0.5;
  if (mixed === 17) return row > 4 ? 'Infinity' : -0.5;
  return mixed / 4 - 3;
}
