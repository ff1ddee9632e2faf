import fc from 'fast-check';
import { trialStates, type Params, type StudyStatus, type WireNumber } from '@fleetune/core';
import { NOW } from './sample-status.ts';

/** Text that hurts: wide, zero-width and joined characters, escape sequences, line breaks. */
const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 30 }),
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.constantFrom(
    '\u001b[2J\u001b[31mred',
    'a\r\nb\tc',
    '日本語の名前',
    '👩‍👩‍👧‍👦🇩🇪',
    'e\u0301\u200b',
    '',
  ),
);
const value: fc.Arbitrary<WireNumber> = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom<WireNumber>('NaN', 'Infinity', '-Infinity', 0),
);
const count = fc.nat({ max: 1e6 });
const share = fc.double({ min: 0, max: 1, noNaN: true });
const params: fc.Arbitrary<Params> = fc.dictionary(
  text,
  fc.oneof(fc.double({ noNaN: true }), text, fc.boolean(), fc.constant(null)),
  { maxKeys: 12 },
);
const reason = fc.record({ code: text, text });

const standing = fc.record(
  { trial: count, params, value, step: count, metrics: fc.constant({}) },
  { requiredKeys: ['trial', 'params', 'value', 'metrics'] },
);

const attempt = fc.record(
  {
    trial: count,
    attempt: fc.integer({ min: 1, max: 9 }),
    begun: fc.integer({ min: 1, max: 9 }),
    worker: text,
    params,
    sinceMs: fc.integer({ min: NOW - 1e9, max: NOW + 1e6 }),
    fidelityTarget: fc.integer({ min: 1, max: 1000 }),
    step: count,
    value,
    stopping: fc.boolean(),
  },
  { requiredKeys: ['trial', 'attempt', 'begun', 'worker', 'params', 'sinceMs', 'stopping'] },
);

const lossesUs = fc.record({
  startUp: count,
  gap: count,
  suggestion: count,
  decision: count,
  tail: count,
  drained: count,
  lost: count,
});

const utilization = fc.record(
  {
    slots: fc.nat({ max: 100 }),
    allocatedUs: count,
    busyUs: count,
    lossesUs,
    share,
    shareWithoutTail: share,
    largestLoss: fc.record({ category: fc.constantFrom('gap' as const, 'tail' as const), share }),
    gapMs: fc.record({ count, p50: share, p99: share, max: share }),
  },
  { requiredKeys: ['slots', 'allocatedUs', 'busyUs', 'lossesUs', 'share', 'shareWithoutTail'] },
);

const worker = fc.record(
  {
    worker: text,
    host: text,
    state: fc.constantFrom('active', 'paused', 'quarantined', 'leaving'),
    reason: text,
    slots: fc.nat({ max: 64 }),
    running: fc.nat({ max: 64 }),
    elsewhere: fc.nat({ max: 64 }),
    idle: fc.array(fc.record({ sinceMs: count, reason }), { maxLength: 5 }),
  },
  { requiredKeys: ['worker', 'host', 'state', 'slots', 'running', 'elsewhere', 'idle'] },
);

const objective = fc.record({
  metric: text,
  direction: fc.constantFrom('minimize', 'maximize'),
});

const advisor = fc.record({
  mode: fc.constantFrom('inline', 'thread'),
  step: fc.constantFrom('full', 'reduced', 'random'),
  reason,
  queue: fc.record({ ready: count, wanted: count }),
  modelLag: count,
  given: count,
  fallbackShare: share,
});

export const anyStatus: fc.Arbitrary<StudyStatus> = fc.record(
  {
    name: text,
    state: fc.constantFrom('created', 'running', 'ended'),
    end: fc.record({ end: fc.constantFrom('budget-trials', 'drained'), reason }),
    objective,
    fidelity: fc.record({ metric: text, min: count, max: count }),
    seed: count,
    sampler: text,
    scheduler: text,
    budget: fc.record({ trials: count, timeMs: count, target: share }, { requiredKeys: [] }),
    trialsUsed: count,
    trials: fc.record(Object.fromEntries(trialStates.map((state) => [state, count]))) as never,
    elapsedMs: fc.nat({ max: 1e9 }),
    etaMs: fc.nat({ max: 1e9 }),
    incumbent: standing,
    objectives: fc.array(objective, { minLength: 2, maxLength: 4 }),
    front: fc.array(standing, { maxLength: 20 }),
    baseline: standing,
    running: fc.array(attempt, { maxLength: 40 }),
    paused: fc.record({ sinceMs: fc.integer({ min: NOW - 1e9, max: NOW }), reason }),
    workers: fc.array(worker, { maxLength: 12 }),
    held: fc.array(
      fc.record({
        worker: text,
        host: text,
        as: fc.constantFrom('drained', 'quarantined'),
        reason,
      }),
      { maxLength: 4 },
    ),
    solo: fc.array(fc.record({ trial: count, reason }), { maxLength: 4 }),
    pausedTrials: fc.array(fc.record({ trial: count, reason }), { maxLength: 4 }),
    advisor,
    rungs: fc.array(
      fc.record(
        { fidelity: count, reached: count, stopped: count, best: value },
        { requiredKeys: ['fidelity', 'reached', 'stopped'] },
      ),
      { maxLength: 10 },
    ),
    stopping: fc.record({ spent: count, saved: count }),
    utilization,
    failures: fc.record({ crashed: count, lost: count }, { requiredKeys: [] }),
    lastFailure: fc.record(
      {
        trial: count,
        attempt: count,
        end: fc.constantFrom('crashed', 'timed-out'),
        reason,
        tail: fc.array(text, { maxLength: 8 }),
      },
      { requiredKeys: ['trial', 'attempt', 'end', 'reason'] },
    ),
    lastEvent: count,
  },
  {
    requiredKeys: [
      'name',
      'state',
      'objective',
      'seed',
      'sampler',
      'scheduler',
      'budget',
      'trialsUsed',
      'trials',
      'elapsedMs',
      'running',
      'rungs',
      'failures',
      'lastEvent',
    ],
  },
) as fc.Arbitrary<StudyStatus>;
