// What `study show` prints, as the OpenAPI document tells it: core's StudyStatus, key by key.

import { attemptEnds } from '@fleetune/core';
import { Type } from 'typebox';
import { WireNumber } from './exchange.ts';
import { Count, Params, Reason, TimeMs, TrialCounts, each } from './resources.ts';

const Duration = Type.Number({ minimum: 0, description: 'Milliseconds.' });
const SlotTime = Type.Number({ description: 'Microseconds of slots.' });
const Share = Type.Number({ description: '0 to 1.' });

const AttemptEnd = Type.Enum([...attemptEnds]);

const RunEnd = Type.Enum([
  'budget-trials',
  'budget-time',
  'target',
  'exhausted',
  'start-crash',
  'stopped',
  'drained',
]);

const Objective = Type.Object({
  metric: Type.String(),
  direction: Type.Enum(['minimize', 'maximize']),
});

const Best = Type.Object({
  trial: Count,
  params: Params,
  value: WireNumber,
  step: Type.Optional(Type.Number({ description: 'The fidelity at which it leads.' })),
  outside: Type.Optional(
    Type.Array(Type.String(), {
      description: 'Parameters whose value the space, edited since, no longer has.',
    }),
  ),
  metrics: Type.Record(Type.String(), WireNumber, { description: 'Last values of all metrics.' }),
});

const RunningAttempt = Type.Object({
  trial: Count,
  attempt: Count,
  begun: Type.Integer({ minimum: 0, description: 'Attempts that began, this one included.' }),
  worker: Type.String(),
  params: Params,
  sinceMs: TimeMs,
  fidelityTarget: Type.Optional(Type.Number()),
  step: Type.Optional(Type.Number()),
  value: Type.Optional(WireNumber),
  stopping: Type.Boolean(),
  solo: Type.Optional(Type.Literal(true, { description: 'It has its worker for itself.' })),
});

const Advisor = Type.Object(
  {
    mode: Type.Enum(['inline', 'thread']),
    step: Type.Enum(['full', 'reduced', 'random']),
    reason: Reason,
    queue: Type.Object({ ready: Count, wanted: Count }),
    modelLag: Type.Integer({
      minimum: 0,
      description: 'Trials that have ended since the newest suggestion in the queue was made.',
    }),
    given: Type.Integer({ minimum: 0, description: 'Suggestions so far.' }),
    fallbackShare: Share,
  },
  { description: 'Where suggestions come from just now.' },
);

const Worker = Type.Object({
  worker: Type.String(),
  host: Type.String(),
  state: Type.Enum(['active', 'paused', 'quarantined', 'leaving']),
  reason: Type.Optional(Type.String({ description: 'Why it is not active.' })),
  slots: Count,
  running: Type.Integer({ minimum: 0, description: 'Slots that run a trial of this study.' }),
  elsewhere: Type.Integer({ minimum: 0, description: 'Slots that run another study’s.' }),
  idle: Type.Array(Type.Object({ sinceMs: TimeMs, reason: Reason })),
});

const losses = ['startUp', 'gap', 'suggestion', 'decision', 'tail', 'drained', 'lost'] as const;

const Utilization = Type.Object(
  {
    slots: Count,
    allocatedUs: SlotTime,
    busyUs: SlotTime,
    lossesUs: Type.Object({
      startUp: SlotTime,
      gap: SlotTime,
      suggestion: SlotTime,
      decision: SlotTime,
      tail: SlotTime,
      drained: SlotTime,
      lost: SlotTime,
    }),
    share: Share,
    shareWithoutTail: Share,
    largestLoss: Type.Optional(Type.Object({ category: Type.Enum([...losses]), share: Share })),
    gapMs: Type.Optional(
      Type.Object(
        { count: Count, p50: Type.Number(), p99: Type.Number(), max: Type.Number() },
        { description: 'Exit of one trial to spawn of the next on its slot, milliseconds.' },
      ),
    ),
  },
  { description: 'busyUs and the losses sum to allocatedUs exactly.' },
);

const because = Type.Object({ trial: Count, reason: Reason });

export const StudyStatusView = Type.Object({
  name: Type.String(),
  state: Type.Enum(['created', 'running', 'ended']),
  end: Type.Optional(Type.Object({ end: RunEnd, reason: Reason })),
  resumed: Type.Optional(
    Type.Integer({ description: 'How often a restarted coordinator took the run up again.' }),
  ),
  paused: Type.Optional(Type.Object({ sinceMs: TimeMs, reason: Reason })),
  objective: Objective,
  objectives: Type.Optional(
    Type.Array(Objective, { description: 'All, where there are several.' }),
  ),
  outcomeConstraints: Type.Optional(
    Type.Array(
      Type.Object({
        metric: Type.String(),
        is: Type.Enum(['at-most', 'at-least']),
        bound: Type.Number(),
      }),
    ),
  ),
  fidelity: Type.Optional(
    Type.Object({ metric: Type.String(), min: Type.Number(), max: Type.Number() }),
  ),
  seed: Type.Number(),
  sampler: Type.String(),
  scheduler: Type.String(),
  budget: Type.Object({
    trials: Type.Optional(Count),
    timeMs: Type.Optional(Duration),
    target: Type.Optional(Type.Number()),
  }),
  trialsUsed: Type.Integer({ minimum: 0, description: 'Trials that count against the budget.' }),
  trials: TrialCounts,
  elapsedMs: Type.Number({ description: 'Running time summed over runs, milliseconds.' }),
  etaMs: Type.Optional(Duration),
  incumbent: Type.Optional(Best),
  front: Type.Optional(
    Type.Array(Best, { description: 'Of several objectives: whom no other trial beats in all.' }),
  ),
  baseline: Type.Optional(Best),
  running: Type.Array(RunningAttempt),
  advisor: Type.Optional(Advisor),
  workers: Type.Optional(Type.Array(Worker)),
  held: Type.Optional(
    Type.Array(
      Type.Object({
        worker: Type.String(),
        host: Type.String(),
        as: Type.Enum(['drained', 'quarantined']),
        reason: Reason,
      }),
      { description: 'Workers that get no new trials until a person releases them.' },
    ),
  ),
  solo: Type.Optional(
    Type.Array(because, { description: 'Queued trials that need a worker for themselves.' }),
  ),
  reserves: Type.Optional(
    Type.Array(
      Type.Object({
        trial: Count,
        attempt: Count,
        worker: Type.String(),
        slot: Count,
        behind: Type.Integer({ minimum: 0, description: 'The trial that the slot runs.' }),
      }),
      { description: 'Queued trials that are on a worker already, behind the one that runs.' },
    ),
  ),
  pausedTrials: Type.Optional(Type.Array(because)),
  rungs: Type.Array(
    Type.Object({
      fidelity: Type.Number(),
      reached: Count,
      stopped: Count,
      best: Type.Optional(WireNumber),
    }),
  ),
  stopping: Type.Optional(
    Type.Object(
      { spent: Type.Number(), saved: Type.Number() },
      { description: 'Fidelity units that all trials used, and those that stopping saved.' },
    ),
  ),
  utilization: Type.Optional(Utilization),
  failures: Type.Object(each(attemptEnds, Type.Optional(Count))),
  lastFailure: Type.Optional(
    Type.Object({
      trial: Count,
      attempt: Count,
      end: AttemptEnd,
      reason: Reason,
      tail: Type.Optional(Type.Array(Type.String())),
    }),
  ),
  lastEvent: Count,
});
