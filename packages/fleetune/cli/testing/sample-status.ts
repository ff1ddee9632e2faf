import type { StudyStatus } from '@fleetune/core';
import type { RecentTrial } from '../view/status-sections.ts';

/** The time at which the samples are looked at. */
export const NOW = 1_700_000_042_000;

/** A study in the middle of its run, with something in every field. */
export const runningStatus: StudyStatus = {
  name: 'digits-mlp',
  state: 'running',
  objective: { metric: 'val_accuracy', direction: 'maximize' },
  fidelity: { metric: 'epoch', min: 1, max: 27 },
  seed: 7,
  sampler: 'auto',
  scheduler: 'asha',
  budget: { trials: 200, timeMs: 1_800_000, target: 0.995 },
  trialsUsed: 87,
  trials: {
    queued: 0,
    running: 2,
    paused: 0,
    completed: 11,
    stopped: 72,
    failed: 2,
    infeasible: 0,
    cancelled: 0,
  },
  elapsedMs: 42_000,
  etaMs: 62_000,
  incumbent: {
    trial: 61,
    params: { lr: 0.0123456789, units: 128, solver: 'sgd', momentum: 0.87, alpha: 1e-5 },
    value: 0.98611,
    step: 27,
    metrics: { val_accuracy: 0.98611 },
  },
  baseline: {
    trial: 0,
    params: { lr: 0.001, units: 91, solver: 'adam', alpha: 1e-4 },
    value: 0.9472,
    step: 27,
    metrics: { val_accuracy: 0.9472 },
  },
  running: [
    {
      trial: 87,
      attempt: 1,
      begun: 1,
      worker: 'local-1',
      params: { lr: 0.0012, units: 64, solver: 'adam', alpha: 3e-4 },
      sinceMs: NOW - 7000,
      step: 3,
      value: 0.9123,
      fidelityTarget: 27,
      stopping: false,
    },
    {
      trial: 88,
      attempt: 2,
      begun: 2,
      worker: 'local-1',
      params: { lr: 0.034, units: 301, solver: 'sgd', momentum: 0.2, alpha: 1e-3 },
      sinceMs: NOW - 400,
      step: 12,
      value: 0.94,
      fidelityTarget: 27,
      stopping: true,
    },
  ],
  rungs: [
    { fidelity: 1, reached: 85, stopped: 46, best: 0.9123 },
    { fidelity: 3, reached: 39, stopped: 18, best: 0.953 },
    { fidelity: 9, reached: 20, stopped: 8, best: 0.971 },
    { fidelity: 27, reached: 11, stopped: 0, best: 0.98611 },
  ],
  stopping: { spent: 612, saved: 1_624 },
  utilization: {
    slots: 2,
    allocatedUs: 84e6,
    busyUs: 81_732_000,
    lossesUs: {
      startUp: 900_000,
      gap: 1_200_000,
      suggestion: 100_000,
      decision: 0,
      tail: 0,
      drained: 0,
      lost: 68_000,
    },
    share: 0.973,
    shareWithoutTail: 0.973,
    largestLoss: { category: 'gap', share: 1.2 / 84 },
    gapMs: { count: 85, p50: 2.12, p99: 7.7, max: 12 },
  },
  failures: { crashed: 2 },
  lastFailure: {
    trial: 55,
    attempt: 3,
    end: 'crashed',
    reason: { code: 'exit', text: 'the program exited with 1' },
    tail: [
      'Traceback (most recent call last):',
      '  File "train.py", line 31, in <module>',
      'ValueError: Solver produced non-finite parameter weights.',
    ],
  },
  lastEvent: 912,
};

/** Several objectives: a front instead of an incumbent. */
export const frontStatus: StudyStatus = {
  ...withoutIncumbent(),
  objectives: [
    { metric: 'val_accuracy', direction: 'maximize' },
    { metric: 'latency_ms', direction: 'minimize' },
  ],
  outcomeConstraints: [{ metric: 'memory_gb', is: 'at-most', bound: 8 }],
  scheduler: 'fifo',
  rungs: [],
  front: Array.from({ length: 9 }, (_, i) => ({
    trial: 61 - i,
    params: { lr: 0.0123456789, units: 128 >> i, solver: 'sgd' },
    value: 0.98611 - i / 100,
    metrics: { val_accuracy: 0.98611 - i / 100, latency_ms: 120 / (i + 1), memory_gb: 3 },
  })),
  baseline: {
    trial: 0,
    params: { lr: 0.001, units: 91, solver: 'adam' },
    value: 0.9472,
    metrics: { val_accuracy: 0.9472, latency_ms: 64, memory_gb: 3 },
  },
};

function withoutIncumbent(): StudyStatus {
  const { incumbent: _, fidelity: __, stopping: ___, ...status } = runningStatus;
  return status;
}

export const createdStatus: StudyStatus = {
  name: 'digits-mlp',
  state: 'running',
  objective: { metric: 'val_accuracy', direction: 'maximize' },
  seed: 7,
  sampler: 'auto',
  scheduler: 'fifo',
  budget: {},
  trialsUsed: 0,
  trials: {
    queued: 0,
    running: 0,
    paused: 0,
    completed: 0,
    stopped: 0,
    failed: 0,
    infeasible: 0,
    cancelled: 0,
  },
  elapsedMs: 0,
  running: [],
  rungs: [],
  failures: {},
  lastEvent: 2,
};

const { etaMs: _, ...withoutEta } = runningStatus;

export const endedStatus: StudyStatus = {
  ...withoutEta,
  state: 'ended',
  end: {
    end: 'budget-trials',
    reason: { code: 'budget-trials', text: 'all 200 trials of the budget are used' },
  },
  trialsUsed: 200,
  trials: { ...runningStatus.trials, running: 0, completed: 31, stopped: 165, failed: 4 },
  elapsedMs: 161_000,
  running: [],
};

export const recentTrials: RecentTrial[] = [
  { trial: 86, state: 'completed', text: 'val_accuracy 0.9712 at epoch 27' },
  { trial: 85, state: 'stopped', text: 'val_accuracy 0.88 at epoch 1: not in the best third' },
  { trial: 55, state: 'failed', text: 'the program exited with 1' },
];

const reasons = {
  lunch: { code: 'user', text: 'lunch' },
  rung: { code: 'solo', text: 'trial 91 has its worker for itself' },
  quarantined: { code: 'bad-node', text: 'three trials in a row failed within 2 s of their start' },
  memory: { code: 'out-of-memory', text: 'it ran out of memory beside others' },
  slow: { code: 'load', text: 'a suggestion takes 0.4 s, and 9 are asked for each second' },
};

/** Many machines, and everything that is not as usual at once. */
export const clusterStatus: StudyStatus = {
  ...runningStatus,
  resumed: 1,
  trials: { ...runningStatus.trials, queued: 3, paused: 1 },
  paused: { sinceMs: NOW - 63_000, reason: reasons.lunch },
  running: runningStatus.running.map((attempt, i) => ({
    ...attempt,
    worker: ['gpu1', 'gpu2'][i]!,
  })),
  workers: [
    { worker: 'gpu1', host: 'gpu1', state: 'active', slots: 1, running: 1, elsewhere: 0, idle: [] },
    {
      worker: 'gpu2',
      host: 'gpu2',
      state: 'active',
      slots: 4,
      running: 1,
      elsewhere: 1,
      idle: [
        { sinceMs: 12_000, reason: reasons.rung },
        { sinceMs: 3_000, reason: reasons.rung },
      ],
    },
    {
      worker: 'gpu3-k2x',
      host: 'gpu3',
      state: 'leaving',
      reason: 'received SIGTERM',
      slots: 2,
      running: 0,
      elsewhere: 0,
      idle: [],
    },
    { worker: 'old', host: 'old', state: 'paused', slots: 2, running: 0, elsewhere: 0, idle: [] },
  ],
  held: [{ worker: 'old', host: 'old', as: 'quarantined', reason: reasons.quarantined }],
  solo: [{ trial: 91, reason: reasons.memory }],
  pausedTrials: [{ trial: 12, reason: { code: 'user', text: 'later' } }],
  reserves: [{ trial: 92, attempt: 1, worker: 'gpu1', slot: 0, behind: 87 }],
  advisor: {
    mode: 'thread',
    step: 'reduced',
    reason: reasons.slow,
    queue: { ready: 7, wanted: 8 },
    modelLag: 3,
    given: 88,
    fallbackShare: 0.021,
  },
};
