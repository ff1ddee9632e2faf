// Drives a study as a coordinator does: decide, stamp, evolve. Keeps the log.

import {
  decide,
  emptyStudy,
  evolve,
  samplerChange,
  samplerHistory,
  toSnapshot,
  type StudyCommand,
  type StudyEvent,
  type StudySpec,
  type StudyState,
} from '../index.ts';

type Change = NonNullable<ReturnType<typeof samplerChange>>;

export interface StudyDriver {
  readonly state: StudyState;
  readonly log: StudyEvent[];
  /** What a sampler was told, in order. */
  readonly changes: Change[];
  now: number;
  /**
   * The code of the refusal, or of the first item's that was not taken, or undefined. A refused command, and one without events, must leave no
   * trace.
   */
  send(command: StudyCommand): string | undefined;
}

/** `traceless`: check that a decision leaves no trace in the state (slow). */
export function studyDriver(spec?: StudySpec, traceless = true): StudyDriver {
  let state = emptyStudy();
  const driver: StudyDriver = {
    get state() {
      return state;
    },
    log: [],
    changes: [],
    now: 1_000_000,
    send(command) {
      const before = traceless ? JSON.stringify(toSnapshot(state)) : '';
      const outcome = decide(state, command, driver.now);
      if (traceless && JSON.stringify(toSnapshot(state)) !== before)
        throw new Error(`deciding ${command.kind} left a trace`);
      if ('refused' in outcome) return outcome.refused.code;
      for (const body of outcome.events) {
        // Through JSON, as through the store.
        const event = { id: state.lastEvent + 1, at: driver.now, ...body };
        const stored = JSON.parse(JSON.stringify(event)) as StudyEvent;
        state = evolve(state, stored);
        driver.log.push(stored);
        const change = samplerChange(state, stored);
        if (change !== undefined) driver.changes.push(change);
        // A sampler begins anew.
        if (stored.kind === 'spec-changed') {
          driver.changes.splice(0, Infinity, ...samplerHistory(state));
        }
      }
      return outcome.rejected?.[0]?.error.code;
    },
  };
  if (spec !== undefined) driver.send({ kind: 'create', spec });
  return driver;
}

/** A study over one float `x`; `over` replaces what a test is about. */
export function specWith(over: Partial<StudySpec> = {}): StudySpec {
  return {
    name: 'study',
    objective: { metric: 'loss', direction: 'minimize' },
    space: [{ name: 'x', type: 'float', low: 0, high: 1, log: false }],
    constraints: [],
    fidelity: { metric: 'epoch', min: 1, max: 9 },
    sampler: { type: 'random' },
    scheduler: { type: 'asha', eta: 3 },
    budget: { trials: 20 },
    setup: [],
    command: ['true'],
    cwd: '/study',
    env: {},
    metrics: { from: 'stdout-json' },
    extraMetrics: ['accuracy'],
    resources: { cpus: 1, gpus: 0 },
    engine: { type: 'local', slots: 2 },
    limits: { graceMs: 1000 },
    retries: { crashed: 1 },
    seed: 7,
    reproducible: false,
    ...over,
  };
}

export function withoutFidelity(over: Partial<StudySpec> = {}): StudySpec {
  const { fidelity: _, ...rest } = specWith({ scheduler: { type: 'fifo' }, ...over });
  return rest;
}

export function suggestionOf(x: number, sampler = 'random') {
  return { params: { x }, sampler, reason: { code: 'test', text: 'by the test' } };
}
